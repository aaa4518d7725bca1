import type { Timers } from '../runtime/timers.js';
import { DeadlineExceeded } from './deadline.js';

export interface HedgeProps {
  readonly afterMs: number;
  /** Asked when the first call is late. What it throws means that there is no second one. */
  admit(): Promise<void>;
  /** Asked then, when the first call has still not ended: whether the second begins. */
  spend(): boolean;
  readonly timers: Timers;
}

/**
 * Makes a call, and a second one when the first has not ended in time. The first good answer wins, and the signal of the other
 * aborts. A call that fails is not called again: alone it ends the whole, else the other is waited for, but no longer than until the
 * first one's time is over: the two are one attempt.
 * @throws what the last of them throws
 */
export function hedged<T>(props: HedgeProps, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { afterMs, admit, spend, timers } = props;
  return new Promise((resolve, reject) => {
    const running = new Set<AbortController>();
    let ended = false;
    const end = (settle: () => void) => {
      if (ended) return;
      ended = true;
      cancel();
      settle();
      for (const loser of running) loser.abort(new HedgeLost('The other call has ended the attempt.'));
    };
    const begin = () => {
      const own = new AbortController();
      running.add(own);
      call(own.signal).then(
        (value) => {
          running.delete(own);
          end(() => resolve(value));
        },
        (error) => {
          running.delete(own);
          if (running.size === 0 || error instanceof DeadlineExceeded) end(() => reject(error));
        },
      );
    };
    const late = async () => {
      await admit();
      if (!ended && spend()) begin();
    };
    const cancel = timers.after(afterMs, () => void late().catch(() => undefined));
    begin();
  });
}

/** Why a call ends that nobody waits for any more. */
class HedgeLost extends Error {
  override readonly name = 'HedgeLost';
}
