import { systemTimers, type Timers } from '../../app/runtime/timers.js';

const STEP_MS = 20;

/**
 * Timers that count the turns which this process is given, in steps: while a busy machine gives it none, no time passes. What they find late was
 * late beside everything else that this process does, its fake servers included, and not because others had the processor.
 */
export const loopTimers: Timers = {
  after(delayMs, run) {
    let left = Math.ceil(delayMs / STEP_MS);
    const step = () => {
      left -= 1;
      if (left <= 0) run();
      else cancel = systemTimers.after(STEP_MS, step);
    };
    let cancel = systemTimers.after(Math.min(STEP_MS, delayMs), step);
    return () => cancel();
  },
};

/** How long work takes, in ms as {@link loopTimers} count them. */
export async function loopTimeOf<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  let steps = 0;
  const counting = setInterval(() => {
    steps += 1;
  }, STEP_MS);
  try {
    return { value: await work(), ms: steps * STEP_MS };
  } finally {
    clearInterval(counting);
  }
}
