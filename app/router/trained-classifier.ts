import type { Classification, Classifier } from './classifier.js';
import { CODE_POINTS } from './code-signals.js';
import { type DifficultyModel, judgeDifficulty } from './difficulty-model.js';
import { PromptShape } from './prompt-shape.js';
import { pointsOf } from './signal.js';

/** Classifies by a fitted model; what is about code is told by its signs, as by the rules. */
export function classifyByModel(model: DifficultyModel, prompt: string): Classification {
  const shape = new PromptShape(prompt);
  if (isCode(shape)) return { class: 'specialised', reasons: shape.code.map(({ reason }) => reason) };
  if (isEmpty(shape)) return { class: 'simple', reasons: ['says hardly anything'] };
  const { difficulty, reasons: hard } = judgeDifficulty(model, shape);
  const reasons = [`difficulty ${difficulty.toFixed(2)}, of a model fitted to ${model.trainedOn}`, ...hard];
  if (difficulty >= model.complexFrom) return { class: 'complex', reasons };
  return { class: difficulty >= model.mediumFrom ? 'medium' : 'simple', reasons };
}

/** How much a prompt needs the strong model, 0 to 1: code always does. */
export function needOf(model: DifficultyModel, prompt: string): number {
  const shape = new PromptShape(prompt);
  return isCode(shape) ? 1 : judgeDifficulty(model, shape).difficulty;
}

/** A classifier by a fitted model. */
export function trainedClassifier(model: DifficultyModel): Classifier {
  return { classify: (prompt) => classifyByModel(model, prompt) };
}

function isCode({ code }: PromptShape): boolean {
  return pointsOf(code) >= CODE_POINTS;
}

/** Whether it is one word at most, of letters that have words: a greeting, or a key that was held down. */
function isEmpty({ text, words }: PromptShape): boolean {
  const [first = ''] = words;
  return words.every((word) => word.toLowerCase() === first.toLowerCase()) && !WITHOUT_SPACES.test(text);
}

const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
