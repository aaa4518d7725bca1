/** Ends a timer. After the timer has fired, or when called again, it does nothing. */
export type CancelTimer = () => void;

/** Delayed calls, given as an argument so that a test or a simulation decides how time passes. */
export interface Timers {
  /** Calls `run` once, `delayMs` from now. */
  after(delayMs: number, run: () => void): CancelTimer;
}

/** The process's own timers. */
export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
