import type { Classification, Classifier } from './classifier.js';
import { CODE_POINTS, CODE_SIGNALS } from './code-signals.js';
import { type DifficultyModel, difficultyOf, whatIsHard } from './difficulty-model.js';
import { pointsOf, signalsIn } from './signal.js';

/** Characters that are searched for code: what is asked stands at the beginning. */
const INSPECTED_CHARACTERS = 4_000;

/** Classifies by a fitted model; what is about code is told by its signs, as by the rules. */
export function classifyByModel(model: DifficultyModel, prompt: string): Classification {
  const code = signalsIn(prompt.slice(0, INSPECTED_CHARACTERS), CODE_SIGNALS);
  if (pointsOf(code) >= CODE_POINTS) return { class: 'specialised', reasons: code.map(({ reason }) => reason) };
  const difficulty = difficultyOf(model, prompt);
  const told = `difficulty ${difficulty.toFixed(2)}, of a model fitted to ${model.trainedOn}`;
  const reasons = [told, ...whatIsHard(model, prompt)];
  if (difficulty >= model.complexFrom) return { class: 'complex', reasons };
  return { class: difficulty >= model.mediumFrom ? 'medium' : 'simple', reasons };
}

/** A classifier by a fitted model. */
export function trainedClassifier(model: DifficultyModel): Classifier {
  return { classify: async (prompt) => classifyByModel(model, prompt) };
}
