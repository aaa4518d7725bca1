import { describe, expect, it } from '@jest/globals';
import { runCanaryPlan } from './canary.js';
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

  it('says that a regression within what is allowed is none', () => {
    runCanaryPlan({ requestsPerSecond: 10, errorRatio: 0.05 });
    expect(captured.err).toContain('Fix: --errors above 0.05.');
    expect(process.exitCode).toBe(EXIT_FAILURE);
  });
});
