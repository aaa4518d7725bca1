import type { AnswerParameters } from '../../contract/index.js';
import { type Json, sha256Of } from '../cache/canonical-json.js';
import { slotsOf } from './question-form.js';

/**
 * Everything that may change an answer without standing in the question. An answer is reused within exactly the same scope only, and
 * no look-up compiles without one.
 */
export interface AnswerScope {
  readonly tenant: string;
  /** Users who may see the same documents. */
  readonly userGroup: string;
  readonly model: string;
  /** SHA-256 of the system prompt, hex. */
  readonly systemPromptHash: string;
  /** Names of the tools on offer, in any order. */
  readonly tools: readonly string[];
  /** Language of the answer, BCP 47. */
  readonly language: string;
  /** SHA-256 of the content of each image that the question is about, in their order: no likeness of pictures is near enough. */
  readonly images: readonly string[];
  /** Temperature, longest answer, format and all else that the request sets for it. */
  readonly parameters: AnswerParameters;
  /** What the answer is made from, such as a collection and its version: a document that is added ends what was answered without it. */
  readonly knowledge: string;
}

/** A scope as a value: the same for equal scopes. */
export function scopeValue({ tools, images, parameters, ...names }: AnswerScope): Record<keyof AnswerScope, Json> {
  // Through JSON goes what is absent, whichever way that is said.
  return {
    ...names,
    tools: [...tools].sort(),
    images: [...images],
    parameters: JSON.parse(JSON.stringify(parameters)),
  };
}

/** One text for a scope, 64 hex digits. */
export function scopeKey(scope: AnswerScope): string {
  return sha256Of(scopeValue(scope));
}

/**
 * Where a question's answer is kept: within its scope, with those to questions of the same numbers and dates. "What is 15 % of 80" has many neighbours that
 * are nearer than its own paraphrase, and none of them is looked at.
 */
export function placeOf(scope: AnswerScope, question: string): string {
  return sha256Of([scopeKey(scope), slotsOf(question)]);
}
