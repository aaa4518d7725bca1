import type { CancelTimer, Timers } from '../runtime/timers.js';

export interface Repetition {
  /** Starts no further run, and waits for the one in hand. */
  stop(): Promise<void>;
}

/** Runs at once, and again `pauseMs` after each run has ended: never two at a time. `run` must not reject. */
export function repeat(run: () => Promise<void>, pauseMs: number, timers: Timers): Repetition {
  let cancel: CancelTimer = () => undefined;
  let stopped = false;
  let inHand = Promise.resolve();
  const start = () => {
    inHand = run().then(() => {
      if (!stopped) cancel = timers.after(pauseMs, start);
    });
  };
  start();
  return {
    async stop() {
      stopped = true;
      cancel();
      await inHand;
    },
  };
}
