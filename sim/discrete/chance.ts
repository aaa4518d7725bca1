import { TASK_CLASSES, type TaskClass, TIERS, type Tier } from '../../contract/index.js';
import type { TierMix } from '../load/load.js';
import { exponential, logNormal } from '../model/random.js';
import type { Step } from '../model/request-program.js';
import type { System } from '../model/system.js';

/** All that is left to chance about a request. */
export class Chance {
  readonly #programShares: readonly number[];
  readonly #classShares: readonly number[];
  readonly #sigma: number;

  constructor(
    private readonly system: System,
    readonly random: () => number,
  ) {
    const { requests, models } = system.assumed;
    this.#programShares = system.requests.map(({ share }) => share);
    this.#classShares = TASK_CLASSES.map((one) => requests.classes[one] ?? 0);
    this.#sigma = Math.sqrt(Math.log1p(models.latencyCv ** 2));
  }

  happens(share: number): boolean {
    return this.random() < share;
  }

  program(): number {
    return drawn(this.#programShares, this.random());
  }

  /** Place of a tier, by the mix. */
  tier(mix: TierMix): number {
    let left = this.random();
    for (let i = 0; i < TIERS.length - 1; i++) {
      left -= mix[TIERS[i] as Tier];
      if (left < 0) return i;
    }
    return TIERS.length - 1;
  }

  taskClass(): TaskClass {
    return TASK_CLASSES[drawn(this.#classShares, this.random())] as TaskClass;
  }

  cpuSeconds({ work }: Step): number {
    return exponential(this.random, this.system.assumed.services[work].cpuMs / 1000);
  }

  /** How long a step waits for its stores. */
  ioSeconds({ work }: Step): number {
    const { ioMs } = this.system.assumed.services[work];
    return ioMs > 0 ? exponential(this.random, ioMs / 1000) : 0;
  }

  /** @param model its place */
  modelSeconds(model: number): number {
    const mean = (this.system.models.models[model]?.typicalLatencyMs ?? 0) / 1000;
    return logNormal(this.random, mean, this.#sigma);
  }
}

/** Place of the share that a number in [0, 1) falls into. */
function drawn(shares: readonly number[], uniform: number): number {
  let left = uniform;
  for (let i = 0; i < shares.length - 1; i++) {
    left -= shares[i] as number;
    if (left < 0) return i;
  }
  return shares.length - 1;
}
