import type { ModelSpec } from '../../contract/index.js';
import type { ModelMix } from './model-mix.js';
import type { ModelTimes } from './service-times.js';

/** Times of a call, over the models that are called; with none called yet, of all alike. */
export function modelTimes({ models }: ModelMix, shares: ArrayLike<number>, latencyCv: number): ModelTimes {
  let total = 0;
  let mean = 0;
  let square = 0;
  let anyCalled = false;
  for (let i = 0; i < shares.length; i++) if ((shares[i] as number) > 0) anyCalled = true;
  for (let i = 0; i < models.length; i++) {
    const { typicalLatencyMs } = models[i] as ModelSpec;
    const weight = anyCalled ? (shares[i] ?? 0) : 1;
    const seconds = typicalLatencyMs / 1000;
    total += weight;
    mean += weight * seconds;
    square += weight * seconds ** 2 * (1 + latencyCv ** 2);
  }
  if (total === 0) return { mean: 0, variance: 0 };
  return { mean: mean / total, variance: square / total - (mean / total) ** 2 };
}
