import * as z from 'zod';
import { TASK_CLASSES } from '../../contract/index.js';
import type { OutcomePrompt } from './calibrate.js';
import { type LabelledPrompt, PROMPT_SETS } from './confusion.js';

const outcome = z.union([z.boolean(), z.number().min(0).max(1)]);
const outcomeLine = z.object({ prompt: z.string(), weak: outcome, strong: outcome });
const classLine = z.object({ prompt: z.string(), class: z.enum(TASK_CLASSES), set: z.enum(PROMPT_SETS).optional() });

export type PromptFile =
  | { readonly kind: 'outcomes'; readonly prompts: readonly OutcomePrompt[] }
  | { readonly kind: 'classes'; readonly prompts: readonly LabelledPrompt[] };

/** A file of prompts is not what it should be. */
export class PromptFileError extends Error {
  override readonly name = 'PromptFileError';
}

/** Reads JSON Lines of `{prompt, class}` or of `{prompt, weak, strong}`, all of one kind. @throws {PromptFileError} naming the line */
export function readPrompts(file: string, text: string): PromptFile {
  const lines = text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [{ at: `${file}:${i + 1}`, line }]));
  const [first] = lines;
  if (first === undefined) throw new PromptFileError(`${file} holds no prompts.`);
  return outcomeLine.safeParse(parse(first.at, first.line)).success
    ? { kind: 'outcomes', prompts: lines.map(({ at, line }) => checked(outcomeLine, at, line)) }
    : { kind: 'classes', prompts: lines.map(({ at, line }) => checked(classLine, at, line)) };
}

function checked<T>(schema: z.ZodType<T>, at: string, line: string): T {
  const parsed = schema.safeParse(parse(at, line));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PromptFileError(
    `${at}: ${issue?.path.join('.')} ${issue?.message}. A line is {"prompt", "class"} or {"prompt", "weak", "strong"}.`,
  );
}

function parse(at: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new PromptFileError(`${at}: is not JSON.`);
  }
}
