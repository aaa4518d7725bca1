import type { ModelMix } from './model-mix.js';
import type { ModelTimes } from './service-times.js';

/** Times of a call, over the models that are called; with none called yet, of all alike. */
export function modelTimes({ models }: ModelMix, shares: ArrayLike<number>, latencyCv: number): ModelTimes {
  let total = 0;
  let mean = 0;
  let square = 0;
  const anyCalled = Array.from(shares).some((share) => share > 0);
  for (const [i, { typicalLatencyMs }] of models.entries()) {
    const weight = anyCalled ? (shares[i] ?? 0) : 1;
    const seconds = typicalLatencyMs / 1000;
    total += weight;
    mean += weight * seconds;
    square += weight * seconds ** 2 * (1 + latencyCv ** 2);
  }
  if (total === 0) return { mean: 0, variance: 0 };
  return { mean: mean / total, variance: square / total - (mean / total) ** 2 };
}
