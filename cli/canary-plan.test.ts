import { describe, expect, it } from '@jest/globals';
import { runCanaryPlan } from './canary-plan.js';
import { captureOutput } from './captured-output.fixture.js';
import { EXIT_FAILURE } from './exit-codes.js';

describe('armature canary plan', () => {
  const captured = captureOutput();

  it('tells of each step, the mirrored one first, how long it needs', () => {
    runCanaryPlan({ requestsPerSecond: 10, errorRatio: 0.15, steps: [50, 100], mirrorPercent: 20 });
    const lines = captured.out.split('\n');
    expect(lines[0]).toBe("10 requests/s; 15 % of the canary's fail, 5 % may.");
    expect(lines.slice(2, 5).map((line) => line.slice(0, 32).trim())).toEqual([
      expect.stringMatching(/^20 % mirrored +120\.0/),
      expect.stringMatching(/^50 % +300\.0/),
      expect.stringMatching(/^100 % +600\.0/),
    ]);
  });

  it('tells how long a business metric needs, by the share of the answers that have a value', () => {
    const score = { harm: 'decrease', limit: 0.7, mean: 0.4, usualMean: 0.8, steps: [100] } as const;
    const rollback = (valuedRatio: number) => {
      runCanaryPlan({ requestsPerSecond: 10, ...score, valuedRatio });
      return captured.out.split('\n').slice(-4, -1);
    };
    const [first, , all] = rollback(1);
    expect(first).toBe("10 requests/s; the canary's answers have 0.4 in the mean, the limit is 0.7.");
    expect(all).toMatch(/^100 % +600\.0 +60 s +30 min$/);
    expect(rollback(0.01)[2]).toMatch(/^100 % +600\.0 +7 min +84 min$/);
  });

  it.each([
    [{}, 'Fix: --errors with its share of failed requests, or --limit and --mean'],
    [{ mean: 0.4 }, 'Fix: --limit with the mean that may be.'],
    [{ mean: 0.4, limit: 0.7, harm: 'decrease' as const, largest: 0.6 }, 'No mean is 0.7'],
    [{ mean: 0.3, limit: 0.4 }, 'Fix: --mean above 0.4, or another --harm.'],
    [{ mean: 2, limit: 0.4 }, 'No mean is 2 where no answer has more than 1.'],
    [{ mean: 0.9, limit: 0.8 }, 'Fix: --limit, or --largest.'],
    [{ mean: 0.4, limit: 2 }, 'No mean is 2 where no answer has more than 1. Fix: --largest'],
    [
      { mean: 0.4, limit: 0.7, harm: 'decrease' as const, usualMean: 0.6 },
      'Fix: --usual above 0.7, or another --harm.',
    ],
    [{ errorRatio: 0.1, usualMean: 0.6 }, '--usual is of a business metric, and none is asked about. Fix: --limit'],
    [{ errorRatio: 0.1, valuedRatio: 0.5 }, '--valued is of a business metric'],
    [{ errorRatio: 0.1, largest: 5 }, '--largest is of a business metric'],
  ])('says what is missing or wrong of %j', (asked, message) => {
    runCanaryPlan({ requestsPerSecond: 10, ...asked });
    expect([captured.out, captured.err]).toEqual(['', expect.stringContaining(message)]);
    expect(process.exitCode).toBe(EXIT_FAILURE);
  });

  it('takes the worst that there can be: that all fail, or no answer is worth anything', () => {
    runCanaryPlan({ requestsPerSecond: 10, errorRatio: 1, limit: 0.7, harm: 'decrease', mean: 0 });
    expect([captured.out, captured.err]).toEqual([expect.stringMatching(/^5 % .* 60 s .* 30 min$/m), '']);
  });

  it('says that a regression within what is allowed is none', () => {
    runCanaryPlan({ requestsPerSecond: 10, errorRatio: 0.05 });
    expect(captured.err).toContain('Fix: --errors above 0.05.');
    expect(process.exitCode).toBe(EXIT_FAILURE);
  });
});
