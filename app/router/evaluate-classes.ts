import { costMicroUsd, type ModelSpec, type TaskClass } from '../../contract/index.js';
import type { OutcomePrompt } from './calibrate.js';
import type { LabelledPrompt } from './confusion.js';
import { route } from './route.js';

/**
 * What a cheap model's answer is worth where a strong one's is worth 1, as the labelling guide (docs/how-to/label-prompts.md) means the
 * classes. An assumption: a log of real answers says more.
 */
export const CHEAP_ANSWER_WORTH: Readonly<Record<TaskClass, number>> = {
  simple: 1,
  medium: 0.75,
  complex: 0.25,
  specialised: 0.25,
};

/** Labelled prompts as a log in which the cheap model answers as its class says, and the strong one always well. */
export function asOutcomes(prompts: readonly LabelledPrompt[]): readonly OutcomePrompt[] {
  return prompts.map((one) => ({ prompt: one.prompt, weak: CHEAP_ANSWER_WORTH[one.class], strong: 1 }));
}

/** What a way of choosing costs and is worth, a prompt. */
export interface PolicyScore {
  readonly name: string;
  readonly costUsd: number;
  readonly latencyMs: number;
  /** Of that of the strong model, 0 to 1. */
  readonly quality: number;
}

/** Tokens of a prompt by its characters, and of an answer: what is compared is one route with another. */
const CHARACTERS_PER_TOKEN = 4;
export const ANSWER_TOKENS = 300;

/** Holds routing by a classifier (tier enterprise, priority balanced) against one model for all, by the table's prices and latencies. */
export function evaluatePolicies(
  prompts: readonly LabelledPrompt[],
  classify: (prompt: string) => TaskClass,
  models: readonly ModelSpec[],
): readonly PolicyScore[] {
  const available = new Set(models.map(({ id }) => id));
  const routed = ({ prompt }: LabelledPrompt) => {
    const { model } = route({
      class: classify(prompt),
      tier: 'enterprise',
      priority: 'balanced',
      promptTokens: usageOf(prompt).inputTokens,
      maxOutputTokens: ANSWER_TOKENS,
      models,
      available,
    });
    return models.filter(({ id }) => id === model);
  };
  const ofRole = (wanted: ModelSpec['role']) => () => models.filter(({ role }) => role === wanted).slice(0, 1);
  const policies: readonly (readonly [string, (prompt: LabelledPrompt) => readonly ModelSpec[]])[] = [
    ['routed', routed],
    ['all strong', ofRole('strong')],
    ['all cheap', ofRole('cheap')],
  ];
  return policies.map(([name, choose]) => {
    const scores = prompts.flatMap((one) => choose(one).map((spec) => scoreOf(one, spec)));
    const mean = (of: keyof (typeof scores)[number]) =>
      scores.reduce((sum, score) => sum + score[of], 0) / scores.length;
    return { name, costUsd: mean('costUsd'), latencyMs: mean('latencyMs'), quality: mean('quality') };
  });
}

function scoreOf(prompt: LabelledPrompt, spec: ModelSpec) {
  return {
    costUsd: costMicroUsd(spec, usageOf(prompt.prompt)) / 1e6,
    latencyMs: spec.typicalLatencyMs,
    quality: spec.role === 'cheap' ? CHEAP_ANSWER_WORTH[prompt.class] : 1,
  };
}

function usageOf(prompt: string) {
  return { inputTokens: Math.ceil(prompt.length / CHARACTERS_PER_TOKEN), outputTokens: ANSWER_TOKENS };
}
