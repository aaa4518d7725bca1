import type { TaskTopology } from '../../contract/index.js';
import type { CancelTimer, Timers } from '../runtime/timers.js';
import { TimeLimitError } from './time-limit-error.js';

/**
 * Runs work within the topology's two limits. At the soft limit its signal aborts with a {@link TimeLimitError}, so that the work
 * can end in good order; at the hard limit it is given up, whatever it does then.
 *
 * @param controller of the work's signal, for others who may abort it. @default nobody else
 * @throws {TimeLimitError} `hard` when the work has not settled by the hard limit; otherwise whatever the work throws
 */
export async function runWithLimits<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { softLimitSeconds, hardLimitSeconds }: Pick<TaskTopology, 'softLimitSeconds' | 'hardLimitSeconds'>,
  timers: Timers,
  controller = new AbortController(),
): Promise<T> {
  let cancel: CancelTimer = () => undefined;
  const givenUp = new Promise<never>((_, reject) => {
    cancel = timers.after(softLimitSeconds * 1000, () => {
      const graceMs = (hardLimitSeconds - softLimitSeconds) * 1000;
      cancel = timers.after(graceMs, () => reject(new TimeLimitError('hard', hardLimitSeconds)));
      controller.abort(new TimeLimitError('soft', softLimitSeconds));
    });
  });
  try {
    return await Promise.race([work(controller.signal), givenUp]);
  } finally {
    cancel();
  }
}
