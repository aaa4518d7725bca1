import { readFileSync } from 'node:fs';
import type { TaskClass } from '../../contract/index.js';
import type { PromptSet } from './confusion.js';

interface ProjectPrompt {
  readonly set: PromptSet;
  readonly class: TaskClass;
  readonly language: string;
  readonly domain: string;
  readonly prompt: string;
}

/** The labelled prompts of this project (docs/how-to/label-prompts.md). */
export const projectPrompts = readFileSync(new URL('prompts.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): ProjectPrompt => JSON.parse(line));
