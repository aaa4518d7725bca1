import { systemTimers, type Timers } from '../../app/runtime/timers.js';
import { requestBudget } from '../../contract/index.js';

export interface Hurry {
  /** After so long a model's call is over. Far above what one takes on a busy machine, so that what is late is a fault. */
  readonly modelCallMs: number;
  /** How many times shorter the pauses between attempts are. @default 1 */
  readonly pausesShorter?: number;
}

/** The process's own timers, for what calls models and need not wait as long as it would for a real one. */
export function hurriedTimers({ modelCallMs, pausesShorter = 1 }: Hurry): Timers {
  return {
    after: (delayMs, run) =>
      systemTimers.after(delayMs === requestBudget.modelCallMs ? modelCallMs : delayMs / pausesShorter, run),
  };
}
