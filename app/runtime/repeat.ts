import type { CancelTimer, Timers } from './timers.js';

export interface Repetition {
  /** Runs now, or again as soon as the run in hand has ended. */
  hurry(): void;
  /** Starts no further run, and waits for the one in hand. */
  stop(): Promise<void>;
}

/** Runs at once, and again after each run as many milliseconds as it has said: never two at a time. `run` must not reject. */
export function repeat(run: () => Promise<number>, timers: Timers): Repetition {
  let cancel: CancelTimer = () => undefined;
  let stopped = false;
  let running = false;
  let hurried = false;
  let inHand = Promise.resolve();
  const start = () => {
    running = true;
    hurried = false;
    inHand = run().then((pauseMs) => {
      running = false;
      if (stopped) return;
      if (hurried) start();
      else cancel = timers.after(pauseMs, start);
    });
  };
  start();
  return {
    hurry() {
      hurried = true;
      if (running || stopped) return;
      cancel();
      start();
    },
    async stop() {
      stopped = true;
      cancel();
      await inHand;
    },
  };
}
