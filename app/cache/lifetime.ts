import type { CachedValue } from './cached-value.js';

export interface LifetimePolicy {
  /** How much longer a value may be given while it is computed again. */
  readonly staleSeconds: number;
  /** How long it is remembered that there is nothing, at most. */
  readonly missTtlSeconds: number;
  /** A lifetime is shorter by up to this share, by chance, so that what was stored together does not end together. 0 to 1 */
  readonly jitterRatio: number;
}

/** Until when a value may be given. @param random 0 to 1 */
export function lifetimeOf(
  value: unknown,
  ttlSeconds: number | null,
  policy: LifetimePolicy,
  now: number,
  random: number,
): Pick<CachedValue, 'freshUntil' | 'expiresAt'> {
  const longest = value === null ? policy.missTtlSeconds : Number.POSITIVE_INFINITY;
  const freshMs = jittered(Math.min(ttlSeconds ?? Number.POSITIVE_INFINITY, longest) * 1000, policy, random);
  return { freshUntil: now + freshMs, expiresAt: now + freshMs + policy.staleSeconds * 1000 };
}

export function jittered(ms: number, { jitterRatio }: Pick<LifetimePolicy, 'jitterRatio'>, random: number): number {
  return ms * (1 - jitterRatio * random);
}
