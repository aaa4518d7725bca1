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
  readonly #fallbacks: readonly (readonly number[])[];

  constructor(private readonly mix: ModelMix) {
    const { models } = mix;
    this.calls = new Float64Array(models.length);
    this.shares = new Float64Array(models.length);
    this.#limits = models.map((model) => mix.callsPerSecond(model));
    this.#prices = models.map((model) => mix.costMicroUsd(model));
    const place = new Map(models.map(({ id }, i) => [id, i]));
    this.#fallbacks = models.map(({ fallbacks }) => fallbacks.flatMap((id) => place.get(id) ?? []));
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
    const routed = wanted.reduce((sum, share) => sum + share, 0);
    const room = this.#limits.map((perSecond) => perSecond * tickSeconds);
    this.shares.fill(0);
    let refused = (1 - routed) * amount;
    for (const [i, share] of wanted.entries()) {
      let left = share * amount;
      for (const at of [i, ...(this.#fallbacks[i] ?? [])]) {
        const taken = Math.min(left, room[at] ?? 0);
        room[at] = (room[at] ?? 0) - taken;
        left -= taken;
        this.calls[at] = (this.calls[at] ?? 0) + taken;
        this.shares[at] = (this.shares[at] ?? 0) + taken / amount;
        this.costMicroUsd += taken * (this.#prices[at] ?? 0);
        if (left <= 0) break;
      }
      refused += left;
    }
    this.refusedCalls += refused;
    return refused < 1e-9 * amount ? 0 : Math.min(1, refused / amount);
  }
}
