import { systemTimers, type Timers } from '../runtime/timers.js';

/** Something took longer than it was given. It was told to stop; whether it did or not, nobody waits for it. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
  constructor(
    readonly what: string,
    readonly timeoutMs: number,
  ) {
    super(`${what} took longer than ${timeoutMs} ms.`);
  }
}

export interface TimeProps {
  /** What is waited for, to begin a sentence with: `The shared cache`. */
  readonly what: string;
  readonly timeoutMs: number;
  /** @default the process's own */
  readonly timers?: Timers;
}

/** Waits for work that is under way until the deadline. Nobody tells it to stop: {@link withDeadline} does. @throws {DeadlineExceeded}, or what the work throws */
export function inTime<T>({ what, timeoutMs, timers = systemTimers }: TimeProps, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(timeoutMs, () => reject(new DeadlineExceeded(what, timeoutMs)));
    work.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error) => {
        cancel();
        reject(error);
      },
    );
  });
}

export interface DeadlineProps extends TimeProps {
  /** Ends the wait before the deadline. @default only the deadline does */
  readonly signal?: AbortSignal;
}

/**
 * Waits for `work` until the deadline or until the signal aborts, whichever comes first, even if `work` takes no notice.
 * The signal that `work` gets follows the caller's for as long as that lives, so that a stream which `work` has opened can still be ended.
 * @throws {DeadlineExceeded} at the deadline, the signal's reason when it aborts, or what `work` throws
 */
export function withDeadline<T>(props: DeadlineProps, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { what, timeoutMs, signal, timers = systemTimers } = props;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const controller = new AbortController();
    const giveUp = (reason: unknown) => {
      cancel();
      // First, or what work says that ends at once would be taken for the reason.
      reject(reason);
      controller.abort(reason);
    };
    const cancel = timers.after(timeoutMs, () => giveUp(new DeadlineExceeded(what, timeoutMs)));
    signal?.addEventListener('abort', () => giveUp(signal.reason), { once: true });
    void work(controller.signal).then(resolve, reject).finally(cancel);
  });
}
