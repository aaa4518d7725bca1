import { TIERS, type Tier, tasks, tiers } from '../../contract/index.js';
import type { TierMix } from '../load/load.js';
import { admittedShare } from '../model/admitted-share.js';
import type { Assumptions } from '../model/assumptions.js';
import type { System } from '../model/system.js';

/** What the limiter lets in of each tier, and to which queue it goes. */
export class Demand {
  readonly #admitted: Readonly<Record<Tier, number>>;
  /** Place of each tier's queue. */
  readonly priorityOf: Readonly<Record<Tier, number>>;
  readonly #defaultMix: TierMix;
  #cached: { readonly mix: TierMix; readonly admitted: AdmittedMix } | undefined;

  constructor({ assumed }: System, seed: number) {
    this.#admitted = admittedShares(assumed, seed);
    this.priorityOf = byTier((tier) => tasks.queues.findIndex(({ priority }) => priority === tiers[tier].priority));
    this.#defaultMix = byTier((tier) => assumed.requests.tiers[tier] ?? 0);
  }

  /** Of a mix of tiers at the entrance: what is let in, and its mix. */
  admitted(mix: TierMix = this.#defaultMix): AdmittedMix {
    if (this.#cached?.mix === mix) return this.#cached.admitted;
    const share = TIERS.reduce((sum, tier) => sum + mix[tier] * this.#admitted[tier], 0);
    const within = Object.fromEntries(
      TIERS.map((tier) => [tier, share > 0 ? (mix[tier] * this.#admitted[tier]) / share : 0]),
    ) as TierMix;
    const tiers = TIERS.map((tier) => {
      const queue = this.priorityOf[tier];
      const beside = TIERS.filter((other) => this.priorityOf[other] === queue);
      const all = beside.reduce((sum, other) => sum + within[other], 0);
      return { queue, share: within[tier], shareOfQueue: all > 0 ? within[tier] / all : 1 / beside.length };
    });
    this.#cached = { mix, admitted: { share, mix: within, tiers } };
    return this.#cached.admitted;
  }
}

export interface AdmittedMix {
  readonly share: number;
  readonly mix: TierMix;
  /** The same mix, by the tier's place. */
  readonly tiers: readonly TierShare[];
}

export interface TierShare {
  readonly share: number;
  /** Place of the queue of its tasks, and the tier's share of them: 1 where no other tier has that queue. */
  readonly queue: number;
  readonly shareOfQueue: number;
}

function byTier<T>(make: (tier: Tier) => T): Record<Tier, T> {
  return Object.fromEntries(TIERS.map((tier) => [tier, make(tier)])) as Record<Tier, T>;
}

/** Thousands of requests each: a search runs hundreds of loads under the same assumptions. */
const KNOWN = new WeakMap<Assumptions, Map<number, Readonly<Record<Tier, number>>>>();

function admittedShares(assumed: Assumptions, seed: number): Readonly<Record<Tier, number>> {
  const bySeed = KNOWN.get(assumed) ?? new Map<number, Readonly<Record<Tier, number>>>();
  KNOWN.set(assumed, bySeed);
  const { promptTokens, answerTokens, perUserPerMinute } = assumed.requests;
  const tokens = Math.ceil(promptTokens + answerTokens);
  const shares =
    bySeed.get(seed) ??
    byTier((tier) => admittedShare(tiers[tier], { perMinute: perUserPerMinute[tier] ?? 1, tokens }, seed));
  bySeed.set(seed, shares);
  return shares;
}
