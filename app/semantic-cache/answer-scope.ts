import { sha256Of } from '../cache/canonical-json.js';

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
  /** What the answer is made from, such as a collection and its version: a document that is added ends what was answered without it. */
  readonly knowledge: string;
}

/** One text for a scope, 64 hex digits. */
export function scopeKey(scope: AnswerScope): string {
  const { tenant, userGroup, model, systemPromptHash, tools, language, knowledge } = scope;
  return sha256Of([tenant, userGroup, model, systemPromptHash, [...tools].sort(), language, knowledge]);
}
