import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualTime } from '../../test/support/manual-time.js';
import { CallAbandoned } from '../resilience/breakers.js';
import { DeadlineExceeded } from '../resilience/deadline.js';
import { ModelConditions } from './model-conditions.js';

const POLICY = { latencyHalfLifeMs: 120_000, errorHalfLifeMs: 30_000, minCalls: 5 };
const status = (code: number) => Object.assign(new Error('no'), { status: code });

describe('how a model does', () => {
  let time: ManualTime;
  let conditions: ModelConditions;
  beforeEach(() => {
    time = new ManualTime();
    conditions = new ModelConditions(time.clock, POLICY);
  });
  const call = async (ms: number, error?: Error, ends: 'whole' | 'begun' = 'whole') => {
    const made = conditions.observe('gpt', ends, async () => {
      time.advance(ms);
      if (error !== undefined) throw error;
      return 'answer';
    });
    await made.catch((thrown: unknown) => expect(thrown).toBe(error));
  };
  const calls = async (count: number, ...args: Parameters<typeof call>) => {
    for (let i = 0; i < count; i += 1) await call(...args);
  };

  it('is unknown until it was seen often enough, and again when that is long ago', async () => {
    await calls(5, 10);
    expect(conditions.of('gpt')).toEqual({ errorRatio: 0 }); // the first has faded a little
    await call(10);
    expect(conditions.of('gpt').latencyMs?.p50).toBeCloseTo(10, -0.5);
    time.advance(120_000);
    expect(conditions.of('gpt')).toEqual({ errorRatio: 0 });
    expect(conditions.of('other')).toEqual({ errorRatio: 0 });
  });

  it('counts what fails by its own fault, and not what the caller did wrong, gave up, or never sent', async () => {
    await calls(10, 10);
    await calls(20, 10, status(400));
    await calls(20, 10, new CallAbandoned('gone'));
    expect(conditions.of('gpt').errorRatio).toBe(0);
    await calls(30, 10, status(500));
    expect(conditions.of('gpt').errorRatio).toBeCloseTo(0.5, 1);
  });

  it('is well again when it was left alone for a while', async () => {
    await calls(8, 10, status(503));
    expect(conditions.of('gpt').errorRatio).toBe(1);
    time.advance(30_000);
    expect(conditions.of('gpt').errorRatio).toBe(0);
  });

  it('takes a call that timed out for one of that time, and one that was given up later than most are answered', async () => {
    await calls(20, 100);
    await calls(3, 5_000, new DeadlineExceeded('gpt', 5_000));
    expect(conditions.of('gpt').latencyMs?.p95).toBeGreaterThan(4_900);
    await calls(10, 1, new CallAbandoned('gone'));
    expect(conditions.of('gpt').latencyMs?.p50).toBeGreaterThan(99);
    await calls(25, 9_000, new CallAbandoned('another was first'));
    expect(conditions.of('gpt').latencyMs?.p50).toBeGreaterThan(4_900);
  });

  it('is known as before when the clock is set back', async () => {
    await calls(20, 100);
    await calls(5, 100, status(500));
    const before = conditions.of('gpt');
    time.advance(-7 * 24 * 3_600_000);
    expect(conditions.of('gpt')).toEqual(before);
    await calls(100, 100);
    expect(conditions.of('gpt').errorRatio).toBeLessThan(0.1);
    expect(conditions.of('gpt').latencyMs?.p95).toBeCloseTo(100, -1);
  });

  it('learns nothing about whole answers from a stream, but that it fails', async () => {
    await calls(10, 10, undefined, 'begun');
    expect(conditions.of('gpt')).toEqual({ errorRatio: 0 });
    await calls(10, 10, status(500), 'begun');
    expect(conditions.of('gpt').errorRatio).toBeCloseTo(0.5, 1);
  });
});
