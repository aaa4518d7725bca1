import * as z from 'zod';
import { contributions, predictLogistic, sumUp } from './logistic.js';
import { featuresOf, PROMPT_FEATURES } from './prompt-features.js';
import { PromptShape } from './prompt-shape.js';

const NAMES = PROMPT_FEATURES.map(({ name }) => name);

/** A fitted model as it is written into a file: what it looks at, what it makes of it, and from where on a prompt is hard. */
export const difficultyModel = z
  .strictObject({
    /** Name of the file that it was fitted to, and how many prompts that had. */
    trainedOn: z.string(),
    prompts: z.int().min(1),
    features: z.array(z.enum(NAMES as [string, ...string[]])).min(1),
    means: z.array(z.number()).readonly(),
    scales: z.array(z.number()).readonly(),
    weights: z.array(z.number()).readonly(),
    bias: z.number(),
    mediumFrom: z.number(),
    complexFrom: z.number(),
  })
  .refine(
    ({ features, means, scales, weights }) =>
      [means, scales, weights].every(({ length }) => length === features.length),
    'has means, scales and weights for another number of features',
  );
export type DifficultyModel = z.infer<typeof difficultyModel>;

/** How hard a prompt is, 0 to 1. */
export function difficultyOf(model: DifficultyModel, prompt: string): number {
  return predictLogistic(model, featuresOf(new PromptShape(prompt), model.features));
}

/** How hard a prompt is, and the features that make it so, the strongest first. What it has less of than others is told too. */
export function judgeDifficulty(
  model: DifficultyModel,
  prompt: PromptShape,
  most = 3,
): { readonly difficulty: number; readonly reasons: readonly string[] } {
  const features = featuresOf(prompt, model.features);
  const shares = contributions(model, features);
  const reasons = [...shares.keys()]
    .filter((i) => (shares[i] ?? 0) > 0)
    .sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0))
    .slice(0, most)
    .map((i) => {
      const [name = '', value = 0, mean = 0] = [model.features[i], features[i], model.means[i]];
      return value < mean ? `little or none of: ${name}` : name;
    });
  return { difficulty: sumUp(model, shares), reasons };
}
