/** How often something happened, each time counting less the longer ago it was: half after a half-life. */
export interface DecayingCount {
  /** When the weight was this. */
  readonly at: number;
  readonly weight: number;
}

export const NEVER: DecayingCount = { at: 0, weight: 0 };

export function weightAt({ at, weight }: DecayingCount, now: number, halfLifeMs: number): number {
  return weight * fadedTo(at, now, halfLifeMs);
}

/** The share that is left now of a weight from then: all of it where the clock was set back, for weights that grew would never end. */
export function fadedTo(at: number, now: number, halfLifeMs: number): number {
  return 0.5 ** (Math.max(0, now - at) / halfLifeMs);
}

export function counted(count: DecayingCount, now: number, halfLifeMs: number): DecayingCount {
  return { at: now, weight: weightAt(count, now, halfLifeMs) + 1 };
}
