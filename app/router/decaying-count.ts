/** How often something happened, each time counting less the longer ago it was: half after a half-life. */
export interface DecayingCount {
  /** When the weight was this. */
  readonly at: number;
  readonly weight: number;
}

export const NEVER: DecayingCount = { at: 0, weight: 0 };

export function weightAt({ at, weight }: DecayingCount, now: number, halfLifeMs: number): number {
  return weight * 0.5 ** ((now - at) / halfLifeMs);
}

export function counted(count: DecayingCount, now: number, halfLifeMs: number): DecayingCount {
  return { at: now, weight: weightAt(count, now, halfLifeMs) + 1 };
}
