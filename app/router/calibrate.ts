import type { TaskClass } from '../../contract/index.js';
import type { LabelledPrompt } from './confusion.js';
import type { DifficultyModel } from './difficulty-model.js';
import { fitLogistic, predictLogistic } from './logistic.js';
import { featuresOf } from './prompt-features.js';
import { PromptShape } from './prompt-shape.js';
import { routingCurve, shareNeeded } from './routing-curve.js';

/** A prompt of a log, and whether the weak and the strong model answered it well. */
export interface OutcomePrompt {
  readonly prompt: string;
  /** 0 to 1, or a truth. */
  readonly weak: number | boolean;
  readonly strong: number | boolean;
}

/**
 * What makes the strong model worth its price, before any log was seen: length, and what makes a question long-winded or fine in its
 * distinctions (1), against what is asked plainly (-1). Of equal weight, since equal weights err less on subjects that were not in the
 * log than fitted ones (Dawes, The robust beauty of improper linear models, 1979): a log moves them only as far as it is large.
 */
const EXPECTED: Readonly<Record<string, 1 | -1>> = {
  length: 1,
  sentences: 1,
  negations: 1,
  'options that repeat each other': 1,
  'numbered statements': 1,
  'first person': 1,
  'third person': 1,
  'quantities in words': 1,
  'a question': -1,
  'asks what': -1,
};
const EXPECTED_WEIGHT = 0.15;
/** So many prompts does the expectation count for. */
const EXPECTED_PENALTY = 2_500;

/**
 * What tells how hard a prompt is, of 55 features that were tried: the one that the fit gave the least weight was left out, again and again. Of the
 * training prompts that it had not seen, by turns, a fit of these took 83.7 % for what they are (log loss 0.420), one of all 82.2 % (0.429).
 */
const CLASS_FEATURES = [
  'length',
  'long words',
  'quotations',
  'a question',
  'asks how or why',
  'quantities in words',
  'alternatives',
  'signs of work',
  'work of several steps',
  'ends by asking after one fact',
  'asks what ought to be',
  'figures of what is asked',
  'asks for analysis or judgement',
  'asks for a proof or derivation',
  'asks what would follow from something else',
  'asks more than one thing',
];
const CLASS_PENALTY = 20;

/** Share of the strong model's quality that is to be kept. */
export const KEPT_QUALITY = 0.95;

/** Fits a model to outcomes. Prompts are hard where they are better sent to the strong model, for {@link KEPT_QUALITY} on this log. */
export function calibrateOnOutcomes(prompts: readonly OutcomePrompt[], trainedOn: string): DifficultyModel {
  const features = Object.keys(EXPECTED);
  const samples = prompts.map((one) => ({
    features: featuresOf(new PromptShape(one.prompt), features),
    target: Number(one.strong) > Number(one.weak) ? 1 : 0,
    weak: Number(one.weak),
    strong: Number(one.strong),
  }));
  const expected = Object.values(EXPECTED).map((sign) => sign * EXPECTED_WEIGHT);
  const fitted = fitLogistic(samples, EXPECTED_PENALTY, expected);
  const scored = samples.map((one) => ({ ...one, score: predictLogistic(fitted, one.features) }));
  const quality = KEPT_QUALITY * (scored.reduce((sum, { strong }) => sum + strong, 0) / scored.length);
  const share = shareNeeded(routingCurve(scored), quality);
  const scores = scored.map(({ score }) => score).sort((a, b) => b - a);
  const from = rounded(scores[Math.min(scores.length - 1, Math.floor(share * scores.length))] ?? 0.5);
  return { trainedOn, prompts: prompts.length, features, ...fitted, mediumFrom: from, complexFrom: from };
}

const DIFFICULTY: Readonly<Partial<Record<TaskClass, number>>> = { simple: 0, medium: 0.5, complex: 1 };

/** Fits a model to classes that people gave. What is about code is told otherwise and left out. */
export function calibrateOnClasses(prompts: readonly LabelledPrompt[], trainedOn: string): DifficultyModel {
  const features = CLASS_FEATURES;
  const samples = prompts.flatMap((one) => {
    const target = DIFFICULTY[one.class];
    return target === undefined ? [] : [{ features: featuresOf(new PromptShape(one.prompt), features), target }];
  });
  const fitted = fitLogistic(samples, CLASS_PENALTY);
  const scored = samples.map(({ features: values, target }) => ({ target, score: predictLogistic(fitted, values) }));
  return {
    trainedOn,
    prompts: prompts.length,
    features,
    ...fitted,
    mediumFrom: bestCut(
      scored.filter(({ target }) => target <= 0.5),
      0.25,
    ),
    complexFrom: bestCut(
      scored.filter(({ target }) => target >= 0.5),
      0.75,
    ),
  };
}

/** The score that tells targets above from below with the fewest mistakes; of several the middle one. */
function bestCut(scored: readonly { readonly target: number; readonly score: number }[], between: number): number {
  const cuts = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  const mistakes = cuts.map((cut) => scored.filter(({ target, score }) => target > between !== score >= cut).length);
  const least = Math.min(...mistakes);
  const best = cuts.filter((_, i) => mistakes[i] === least);
  return best[Math.floor(best.length / 2)] ?? between;
}

function rounded(value: number): number {
  return Number(value.toFixed(6));
}
