import { randomUUID } from 'node:crypto';
import type { Clock } from '../runtime/clock.js';
import type { Timers } from '../runtime/timers.js';
import type { CacheKey } from './cache-key.js';
import type { CachePolicy } from './cache-policy.js';
import { type CachedValue, jsonOf, readCachedValue, writeCachedValue } from './cached-value.js';
import { deepFreeze } from './deep-freeze.js';
import { lifetimeOf } from './lifetime.js';
import { type SharedLevel, validOrNone } from './shared-level.js';

/** What is asked for. */
export interface Wanted {
  readonly key: CacheKey;
  readonly tags: readonly string[];
  readonly ttlSeconds: number | null;
  readonly compute: () => Promise<unknown>;
  /** Whether what was computed is to be kept. */
  readonly keeps: (value: unknown) => boolean;
  /** What will do of what is there. No stale one when that was given already; none when there is a newer one. */
  readonly accepts: 'stale' | 'fresh' | 'none';
}

/** A value that was found or made, its value frozen. */
export interface Loaded {
  readonly entry: CachedValue;
  readonly level: 'l2' | 'source';
  /** Its time is over. */
  readonly stale: boolean;
  /** It was invalidated while it was computed, or is for those only who waited for it: it is not kept. */
  readonly isPassing: boolean;
}

interface LeasedSourceProps {
  readonly shared: SharedLevel;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: () => number;
  readonly policy: CachePolicy;
}

/** A value from the source. */
interface Made {
  readonly value: unknown;
  readonly json: string;
  readonly lifetime: Pick<CachedValue, 'freshUntil' | 'expiresAt'>;
  readonly isPassing: boolean;
}

interface HeldClaim {
  readonly key: CacheKey;
  readonly tags: readonly string[];
  readonly token: string;
  readonly leaseMs: number;
}

/**
 * What lies behind the near level: the shared one, and the source. Of all replicas that miss a key one computes: whoever gets the claim. The others look
 * until it has, and compute for themselves when that takes too long or there is no shared level.
 */
export class LeasedSource {
  constructor(private readonly props: LeasedSourceProps) {}

  async load(wanted: Wanted): Promise<Loaded> {
    const { key, tags, accepts } = wanted;
    const there = accepts === 'none' ? undefined : await this.props.shared.read(key, tags);
    return (
      this.#usable(there, accepts) ?? (await this.#claimOrWait(wanted)) ?? this.#loaded(await this.#compute(wanted), {})
    );
  }

  /** What the shared level has; nothing is computed. */
  async find(key: CacheKey, tags: readonly string[]): Promise<Loaded | undefined> {
    return this.#usable(await this.props.shared.read(key, tags), 'stale');
  }

  /** @returns `undefined` if there is no shared level, or another has computed for too long */
  async #claimOrWait(wanted: Wanted): Promise<Loaded | undefined> {
    const { key, tags, accepts } = wanted;
    const { shared, clock, timers } = this.props;
    const { lease } = this.props.policy;
    const claim = { key, tags, token: randomUUID(), leaseMs: lease.ms };
    for (const waitUntil = clock() + lease.waitMs; clock() < waitUntil; ) {
      const claimed = await shared.ask((store) => store.claim(claim));
      if (claimed === undefined) return undefined;
      const { won, text, stamps } = claimed;
      const entry = text === undefined ? undefined : readCachedValue(text);
      const valid = entry === undefined ? undefined : validOrNone(entry, tags, stamps);
      // Another may have filled it since the first look.
      const filled = this.#usable(valid, won && accepts === 'stale' ? 'fresh' : accepts);
      if (won && filled !== undefined) await shared.ask((store) => store.release(claim));
      if (filled !== undefined) return filled;
      if (won) return this.#computeWith(claim, stampsOf(tags, stamps), wanted);
      await new Promise<void>((resolve) => timers.after(lease.pollMs, resolve));
    }
    return undefined;
  }

  /** What the shared level has, if it will do. */
  #usable(entry: CachedValue | undefined, accepts: Wanted['accepts']): Loaded | undefined {
    const now = this.props.clock();
    if (entry === undefined || entry.expiresAt <= now || accepts === 'none') return undefined;
    const stale = entry.freshUntil <= now;
    if (stale && accepts === 'fresh') return undefined;
    deepFreeze(entry.value);
    return { entry, level: 'l2', stale, isPassing: false };
  }

  /** Computes while holding the claim, and fills the shared level unless it was lost meanwhile. */
  async #computeWith(claim: HeldClaim, stamps: CachedValue['stamps'], wanted: Wanted): Promise<Loaded> {
    const { shared } = this.props;
    const endRenewal = this.#renew(claim);
    const made = await this.#compute(wanted)
      .catch(async (error: unknown) => {
        await shared.ask((store) => store.release(claim));
        throw error;
      })
      .finally(endRenewal);
    const loaded = this.#loaded(made, stamps);
    if (loaded.isPassing) {
      await shared.ask((store) => store.release(claim));
      return loaded;
    }
    const text = writeCachedValue(made.json, loaded.entry);
    const ttlMs = this.#leftMs(loaded.entry);
    const kept = await shared.ask((store) => store.fill({ ...claim, stamps, text, ttlMs }));
    return { ...loaded, isPassing: kept === false };
  }

  async #compute({ compute, keeps, ttlSeconds }: Wanted): Promise<Made> {
    const json = jsonOf(await compute());
    const value: unknown = deepFreeze(JSON.parse(json));
    const { policy, clock, random } = this.props;
    const lifetime = lifetimeOf(value, ttlSeconds, policy, clock(), random());
    return { value, json, lifetime, isPassing: !keeps(value) };
  }

  #loaded({ value, json, lifetime, isPassing }: Made, stamps: CachedValue['stamps']): Loaded {
    const entry = { value, stamps, bytes: json.length, ...lifetime };
    return { entry, level: 'source', stale: false, isPassing };
  }

  /** Says thrice in a lease's time that this process still computes. @returns ends it */
  #renew(claim: HeldClaim): () => void {
    const { shared, timers } = this.props;
    const again = () => {
      cancel = timers.after(claim.leaseMs / 3, () => {
        again();
        void shared.ask((store) => store.renew(claim));
      });
    };
    let cancel = () => {};
    again();
    return () => cancel();
  }

  #leftMs({ expiresAt }: Pick<CachedValue, 'expiresAt'>): number | null {
    return Number.isFinite(expiresAt) ? Math.max(1, Math.ceil(expiresAt - this.props.clock())) : null;
  }
}

function stampsOf(tags: readonly string[], stamps: readonly (string | undefined)[]): CachedValue['stamps'] {
  return Object.fromEntries(tags.map((tag, i) => [tag, stamps[i] ?? '']));
}
