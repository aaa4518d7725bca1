import * as z from 'zod';
import { TASK_CLASSES } from '../../contract/index.js';
import type { OutcomePrompt } from './calibrate.js';
import { type LabelledPrompt, PROMPT_SETS } from './confusion.js';

const prompt = z.string('must be a text').refine((text) => text.trim() !== '', 'must say something');
const OUTCOME = 'must be true, false, or a number from 0 to 1';
const outcome = z.union([z.boolean(), z.number().min(0, OUTCOME).max(1, OUTCOME)], OUTCOME);
const outcomeLine = z.object({ prompt, weak: outcome, strong: outcome });
const classLine = z.object({
  prompt,
  class: z.enum(TASK_CLASSES, `must be one of ${TASK_CLASSES.join(', ')}`),
  set: z.enum(PROMPT_SETS, `must be one of ${PROMPT_SETS.join(', ')}, or left out`).optional(),
});
const FORM = 'A line is {"prompt", "class"} or {"prompt", "weak", "strong"}, the same in the whole file.';
const SHOWN_CHARACTERS = 60;

export type PromptFile =
  | { readonly kind: 'outcomes'; readonly prompts: readonly OutcomePrompt[] }
  | { readonly kind: 'classes'; readonly prompts: readonly LabelledPrompt[] };

/** A file of prompts is not what it should be. */
export class PromptFileError extends Error {
  override readonly name = 'PromptFileError';
}

/** Reads JSON Lines of `{prompt, class}` or of `{prompt, weak, strong}`, all of one kind. @throws {PromptFileError} naming the line */
export function readPrompts(file: string, text: string): PromptFile {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : [{ at: `${file}:${i + 1}`, line }]));
  const [first] = lines;
  if (first === undefined) throw new PromptFileError(`${file} holds no prompts. ${FORM}`);
  const values = lines.map(({ at, line }) => ({ at, value: objectOf(at, line) }));
  const fields = values[0]?.value ?? {};
  if ('class' in fields) return { kind: 'classes', prompts: checked(classLine, values) };
  if ('weak' in fields || 'strong' in fields) return { kind: 'outcomes', prompts: checked(outcomeLine, values) };
  throw new PromptFileError(`${first.at}: has ${listOf(Object.keys(fields))}. ${FORM}`);
}

interface PlacedValue {
  /** File and line. */
  readonly at: string;
  readonly value: object;
}

function checked<T>(schema: z.ZodType<T>, values: readonly PlacedValue[]): readonly T[] {
  return values.map(({ at, value }) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0]);
    const found = (value as Readonly<Record<string, unknown>>)[name];
    const given = found === undefined ? 'is missing' : `is ${JSON.stringify(found).slice(0, SHOWN_CHARACTERS)}`;
    throw new PromptFileError(`${at}: ${name} ${issue?.message}, and ${given}. ${FORM}`);
  });
}

function objectOf(at: string, line: string): object {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new PromptFileError(`${at}: is not JSON. ${FORM}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new PromptFileError(`${at}: is ${Array.isArray(value) ? 'a list' : 'no object'}. ${FORM}`);
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.map((name) => JSON.stringify(name)).join(', ');
}
