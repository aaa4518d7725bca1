import type { Timers } from '../../app/runtime/timers.js';
import { requestBudget } from '../../contract/index.js';
import { loopTimers } from './loop-time.js';

export interface Hurry {
  /** After so long a model's call is over, as this process has time: what is late on a busy machine is a fault all the same. */
  readonly modelCallMs: number;
  /** How many times shorter the pauses between attempts are. @default 1 */
  readonly pausesShorter?: number;
}

/** Timers for what calls models and need not wait as long as it would for a real one. */
export function hurriedTimers({ modelCallMs, pausesShorter = 1 }: Hurry): Timers {
  return {
    after: (delayMs, run) =>
      loopTimers.after(delayMs === requestBudget.modelCallMs ? modelCallMs : delayMs / pausesShorter, run),
  };
}
