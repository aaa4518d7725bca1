import type { Classification, Classifier } from './classifier.js';
import { CODE_POINTS, CODE_SIGNALS } from './code-signals.js';
import { type DifficultyModel, difficultyOf, judgeDifficulty } from './difficulty-model.js';
import { pointsOf, signalsIn } from './signal.js';

/** Characters that are searched for code: what is asked stands at the beginning. */
const INSPECTED_CHARACTERS = 4_000;

/** Classifies by a fitted model; what is about code is told by its signs, as by the rules. */
export function classifyByModel(model: DifficultyModel, prompt: string): Classification {
  const code = codeIn(prompt);
  if (code.length > 0) return { class: 'specialised', reasons: code };
  if (isEmpty(prompt)) return { class: 'simple', reasons: ['says hardly anything'] };
  const { difficulty, reasons: hard } = judgeDifficulty(model, prompt);
  const reasons = [`difficulty ${difficulty.toFixed(2)}, of a model fitted to ${model.trainedOn}`, ...hard];
  if (difficulty >= model.complexFrom) return { class: 'complex', reasons };
  return { class: difficulty >= model.mediumFrom ? 'medium' : 'simple', reasons };
}

/** How much a prompt needs the strong model, 0 to 1: code always does. */
export function needOf(model: DifficultyModel, prompt: string): number {
  return codeIn(prompt).length > 0 ? 1 : difficultyOf(model, prompt);
}

/** A classifier by a fitted model. */
export function trainedClassifier(model: DifficultyModel): Classifier {
  return { classify: async (prompt) => classifyByModel(model, prompt) };
}

/** The signs that it is about code, if they are enough. */
function codeIn(prompt: string): readonly string[] {
  const signals = signalsIn(prompt.slice(0, INSPECTED_CHARACTERS), CODE_SIGNALS);
  return pointsOf(signals) >= CODE_POINTS ? signals.map(({ reason }) => reason) : [];
}

/** Whether it is one word at most, of letters that have words: a greeting, or a key that was held down. */
function isEmpty(prompt: string): boolean {
  const start = prompt.slice(0, INSPECTED_CHARACTERS);
  return !WITHOUT_SPACES.test(start) && new Set(start.toLowerCase().match(/[\p{L}\p{N}]+/gu)).size <= 1;
}

const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
