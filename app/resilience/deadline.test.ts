import { expect, it } from '@jest/globals';
import { ManualTime } from '../../test/support/manual-time.js';
import { DeadlineExceeded, withDeadline } from './deadline.js';

const obedient = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('It was told to stop.'))));

it('says that the time is over, or why the caller gave up, also of work that ends as soon as it is told', async () => {
  const time = new ManualTime();
  const late = withDeadline({ what: 'Lunch', timeoutMs: 10, timers: time }, obedient);
  time.advance(10);
  await expect(late).rejects.toThrow(DeadlineExceeded);
  const caller = new AbortController();
  const given = withDeadline({ what: 'Lunch', timeoutMs: 10, timers: time, signal: caller.signal }, obedient);
  caller.abort(new Error('The caller has gone.'));
  await expect(given).rejects.toThrow('The caller has gone.');
});
