import { describe, expect, it } from '@jest/globals';
import { tasks } from '../../contract/index.js';
import { ManualTime } from '../../test/support/manual-time.js';
import { runWithLimits } from './run-with-limits.js';
import { TimeLimitError } from './time-limit-error.js';

const SOFT_MS = tasks.softLimitSeconds * 1000;
const HARD_MS = tasks.hardLimitSeconds * 1000;

/** Work that ends only when it is told to stop. */
function untilTold(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

describe('running within limits', () => {
  it('gives the result of work that is done in time, and leaves no timer behind', async () => {
    const time = new ManualTime();
    await expect(runWithLimits(async () => 42, tasks, time)).resolves.toBe(42);
    expect(time.pending).toBe(0);
  });

  it('passes on the error of work that fails in time, and leaves no timer behind', async () => {
    const time = new ManualTime();
    const failure = new Error('no such model');
    await expect(runWithLimits(() => Promise.reject(failure), tasks, time)).rejects.toBe(failure);
    expect(time.pending).toBe(0);
  });

  it('tells the work to stop at the soft limit and not before', async () => {
    const time = new ManualTime();
    const signals: AbortSignal[] = [];
    const running = runWithLimits((signal) => untilTold(signals[signals.push(signal) - 1] ?? signal), tasks, time);
    time.advance(SOFT_MS - 1);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    time.advance(1);
    await expect(running).rejects.toMatchObject({ limit: 'soft', limitSeconds: tasks.softLimitSeconds });
    expect(time.pending).toBe(0);
  });

  it('takes the result of work that ends in good order between the limits', async () => {
    const time = new ManualTime();
    const partial = runWithLimits(
      (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('half an answer'))),
      tasks,
      time,
    );
    time.advance(SOFT_MS);
    await expect(partial).resolves.toBe('half an answer');
  });

  it('gives up work that does not heed the signal at the hard limit, and bears its late failure', async () => {
    const time = new ManualTime();
    let failLate = (_: Error): void => {};
    const running = runWithLimits(
      () =>
        new Promise((_, reject) => {
          failLate = reject;
        }),
      tasks,
      time,
    );
    time.advance(HARD_MS);
    await expect(running).rejects.toThrow(TimeLimitError);
    await expect(running).rejects.toThrow('given up after 300 s, its hard limit');
    failLate(new Error('too late')); // an unhandled rejection would fail this test run
  });
});
