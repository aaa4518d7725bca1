import type { TierMix } from '../load/load.js';
import type { ModelMix } from '../model/model-mix.js';

/** Calls of models in one tick: what each model takes, what it costs, and what no provider takes. */
export class ModelCalls {
  /** Calls since the beginning, by the model's place in the mix. */
  readonly calls: Float64Array;
  /** Shares of the calls that were made in the last tick. */
  readonly shares: Float64Array;
  costMicroUsd = 0;
  refusedCalls = 0;
  readonly #limits: readonly number[];
  readonly #prices: readonly number[];
  /** Of each model: itself, and what is tried after it. */
  readonly #tried: readonly (readonly number[])[];
  readonly #room: Float64Array;

  constructor(private readonly mix: ModelMix) {
    const { models } = mix;
    this.calls = new Float64Array(models.length);
    this.shares = new Float64Array(models.length);
    this.#limits = models.map((model) => mix.callsPerSecond(model));
    this.#prices = models.map((model) => mix.costMicroUsd(model));
    const place = new Map(models.map(({ id }, i) => [id, i]));
    this.#tried = models.map(({ fallbacks }, i) => [i, ...fallbacks.flatMap((id) => place.get(id) ?? [])]);
    this.#room = new Float64Array(models.length);
  }

  forget(): void {
    this.calls.fill(0);
    this.costMicroUsd = 0;
    this.refusedCalls = 0;
  }

  /** @returns the share of the calls that no provider takes */
  make(amount: number, tiers: TierMix, tickSeconds: number): number {
    if (amount <= 0) return 0;
    const wanted = this.mix.shares(tiers);
    let routed = 0;
    for (let i = 0; i < wanted.length; i++) {
      routed += wanted[i] as number;
      this.#room[i] = (this.#limits[i] as number) * tickSeconds;
    }
    this.shares.fill(0);
    let refused = (1 - routed) * amount;
    for (let i = 0; i < wanted.length; i++) {
      const calls = (wanted[i] as number) * amount;
      if (calls > 0) refused += this.#takeFirst(i, calls, amount);
    }
    this.refusedCalls += refused;
    return refused < 1e-9 * amount ? 0 : Math.min(1, refused / amount);
  }

  /** Gives calls to the first of a model and its fallbacks that have room. @returns those that nobody takes */
  #takeFirst(model: number, calls: number, all: number): number {
    const tried = this.#tried[model] as readonly number[];
    let left = calls;
    for (let n = 0; n < tried.length; n++) {
      const at = tried[n] as number;
      const room = this.#room[at] as number;
      const taken = Math.min(left, room);
      this.#room[at] = room - taken;
      left -= taken;
      this.calls[at] = (this.calls[at] as number) + taken;
      this.shares[at] = (this.shares[at] as number) + taken / all;
      this.costMicroUsd += taken * (this.#prices[at] as number);
      if (left <= 0) break;
    }
    return left;
  }
}
