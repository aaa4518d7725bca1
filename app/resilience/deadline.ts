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

export interface DeadlineProps {
  /** What is waited for, to begin a sentence with: `The shared cache`. */
  readonly what: string;
  readonly timeoutMs: number;
  /** Ends the wait before the deadline. @default only the deadline does */
  readonly signal?: AbortSignal;
  /** @default the process's own */
  readonly timers?: Timers;
}

/**
 * Waits for `work` until the deadline or until the signal aborts, whichever comes first, even if `work` takes no notice.
 * The signal that `work` gets follows the caller's for as long as that lives, so that a stream which `work` has opened can still be ended.
 * @throws {DeadlineExceeded} at the deadline, the signal's reason when it aborts, or what `work` throws
 */
export async function withDeadline<T>(props: DeadlineProps, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { what, timeoutMs, signal, timers = systemTimers } = props;
  signal?.throwIfAborted();
  const controller = new AbortController();
  let giveUp = (_reason: unknown) => {};
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = (reason) => {
      // First, or what work says that ends at once would be taken for the reason.
      reject(reason);
      controller.abort(reason);
    };
  });
  signal?.addEventListener('abort', () => giveUp(signal.reason), { once: true });
  const cancel = timers.after(timeoutMs, () => giveUp(new DeadlineExceeded(what, timeoutMs)));
  try {
    return await Promise.race([work(controller.signal), givenUp]);
  } finally {
    cancel();
  }
}
