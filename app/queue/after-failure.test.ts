import { describe, expect, it } from '@jest/globals';
import { tasks } from '../../contract/index.js';
import { afterFailure } from './after-failure.js';

const timedOut = { reason: 'The model did not answer.', retryable: true };

describe('after a failed attempt', () => {
  it("retries after each of the topology's delays, then gives up with the reason", () => {
    const outcomes = [0, 1, 2, 3].map((attempt) => afterFailure({ attempt }, timedOut, tasks));
    expect(outcomes).toEqual([
      { outcome: 'retry', delaySeconds: 60 },
      { outcome: 'retry', delaySeconds: 120 },
      { outcome: 'retry', delaySeconds: 240 },
      { outcome: 'dead', reason: 'The model did not answer. (gave up after 4 attempts)' },
    ]);
  });

  it('gives up at once when no retry can succeed', () => {
    const invalid = { reason: 'The collection does not exist.', retryable: false };
    expect(afterFailure({ attempt: 0 }, invalid, tasks)).toEqual({ outcome: 'dead', reason: invalid.reason });
  });

  it('gives up after the first attempt where the topology has no retries', () => {
    expect(afterFailure({ attempt: 0 }, timedOut, { retryDelaysSeconds: [] })).toMatchObject({ outcome: 'dead' });
  });
});
