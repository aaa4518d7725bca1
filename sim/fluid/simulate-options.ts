import type { Load } from '../load/load.js';

export interface SimulateOptions {
  /** @default 1 */
  readonly tickSeconds?: number;
  /** Of the randomness that there is: of the limiter's users in this engine, of every request in the other. @default 1 */
  readonly seed?: number;
  /** How long the first rate has lasted before the load begins, so that autoscalers have settled. @default 900 */
  readonly warmupSeconds?: number;
  /** Span of one sample of the series. @default from the duration: about a thousand samples */
  readonly everySeconds?: number;
  /** Totals only: the result does not grow with the duration. @default false */
  readonly totalsOnly?: boolean;
  /** Called with the share that is done, a hundred times at most. */
  readonly onProgress?: (share: number) => void;
}

/** A sample a sync for an hour or two, then as many as a screen can show. */
export function spanSeconds(load: Load, { everySeconds, tickSeconds = 1 }: SimulateOptions): number {
  if (everySeconds !== undefined) return Math.max(everySeconds, tickSeconds);
  const wanted = load.durationSeconds / 1000;
  return Math.max(tickSeconds, [15, 60, 300, 900, 3600].find((step) => step >= wanted / 1.5) ?? 21_600);
}
