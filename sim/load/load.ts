import type { Tier } from '../../contract/index.js';

/** Share of the requests of each tier; the shares add up to 1. */
export type TierMix = Readonly<Record<Tier, number>>;

/** What comes in from one moment on. */
export interface LoadPoint {
  readonly atSeconds: number;
  readonly rps: number;
  /** @default the assumptions' mix */
  readonly mix?: TierMix;
}

/** Nobody has so many; beyond it sums lose their last requests. */
export const MOST_RPS = 1e9;

/** Requests at the platform's entrance, over time. */
export interface Load {
  readonly name: string;
  /** Time of day at which it begins, in seconds after midnight: for showing only. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** Ascending, the first at 0. */
  readonly points: readonly LoadPoint[];
  /** Whether the rate goes straight from point to point, or stays until the next. */
  readonly between: 'linear' | 'step';
}

/** Reads a load from its beginning to its end; asking for an earlier moment again starts over. */
export class LoadCursor {
  #place = 0;

  constructor(private readonly load: Load) {}

  rpsAt(seconds: number): number {
    const from = this.#before(seconds);
    const to = this.load.points[this.#place + 1];
    if (this.load.between === 'step' || to === undefined) return from.rps;
    const share = (seconds - from.atSeconds) / (to.atSeconds - from.atSeconds);
    return from.rps + share * (to.rps - from.rps);
  }

  mixAt(seconds: number): TierMix | undefined {
    return this.#before(seconds).mix;
  }

  #before(seconds: number): LoadPoint {
    const { points } = this.load;
    if (seconds < (points[this.#place]?.atSeconds ?? 0)) this.#place = 0;
    while ((points[this.#place + 1]?.atSeconds ?? Number.POSITIVE_INFINITY) <= seconds) this.#place++;
    return points[this.#place] as LoadPoint;
  }
}

/** The same load, another number of times as high. */
export function scaled(load: Load, factor: number): Load {
  return { ...load, points: load.points.map((point) => ({ ...point, rps: point.rps * factor })) };
}

export function peakRps({ points }: Load): number {
  return points.reduce((peak, { rps }) => Math.max(peak, rps), 0);
}

/** Requests of the whole load. */
export function requestsOf({ points, durationSeconds, between }: Load): number {
  return points.reduce((sum, { atSeconds, rps }, i) => {
    const next = points[i + 1];
    const seconds = Math.max(0, Math.min(next?.atSeconds ?? durationSeconds, durationSeconds) - atSeconds);
    return sum + seconds * (between === 'linear' && next ? (rps + next.rps) / 2 : rps);
  }, 0);
}
