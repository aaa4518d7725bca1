import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { Hedging } from './hedging.js';
import { claude, gpt, ResilienceWorld, retry, type Script, status } from './resilience-world.fixture.js';

describe('the resilience pipeline', () => {
  let world: ResilienceWorld;
  beforeEach(() => {
    world = new ResilienceWorld();
    // The breaker reads the time by itself.
    jest.spyOn(Date, 'now').mockImplementation(world.time.clock);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  describe('with hedging', () => {
    const hedging = (afterMs: number | undefined = 900) => new Hedging(() => afterMs, { maxShare: 1, savedCalls: 10 });
    const hedgedRun = (
      script: Script,
      rest: Parameters<ResilienceWorld['run']>[3] = { hedging: hedging() },
      caller?: AbortSignal,
    ) => world.run(script, caller, [gpt, claude], rest);

    it('asks a second time when the first call is late, takes the first good answer and ends the other', async () => {
      const call = hedgedRun({ gpt: [null, 'hello'] });
      await world.timer();
      world.time.advance(899);
      expect(world.calls).toEqual(['gpt']);
      world.time.advance(1);
      expect(await call).toEqual({ value: 'hello', candidate: gpt, failedAttempts: [] });
      expect(world.signals.map(({ aborted }) => aborted)).toEqual([true, false]);
      expect([world.calls, world.time.pending]).toEqual([['gpt', 'gpt'], 0]);
      expect(world.events).toEqual([{ type: 'hedge-begun', candidate: 'gpt' }]);
    });

    it('asks once when the answer comes in time, or nobody knows when it is late', async () => {
      expect(await hedgedRun({ gpt: ['hello'] })).toMatchObject({ value: 'hello' });
      expect([world.calls, world.time.pending]).toEqual([['gpt'], 0]);
      const call = hedgedRun({ gpt: [null] }, { hedging: new Hedging(() => undefined) });
      await world.timer();
      world.time.advance(14_999);
      expect(world.calls).toEqual(['gpt', 'gpt']);
      world.time.advance(1);
      await world.finish(call.catch(() => undefined));
    });

    it('leaves a failure before that to the retry', async () => {
      const answer = await world.finish(hedgedRun({ gpt: [status(500), 'hello'] }));
      expect(answer.failedAttempts).toHaveLength(1);
      expect(world.events.map(({ type }) => type)).toEqual(['attempt-failed']);
    });

    it('waits for the first call when the second fails, and counts one attempt when both do', async () => {
      const call = hedgedRun({ gpt: [null, status(500), 'hello'] });
      await world.timer();
      world.time.advance(900);
      await until('the second call has failed', () => world.calls.length === 2);
      expect(world.signals[0]?.aborted).toBe(false);
      world.time.advance(14_100);
      const answer = await world.finish(call);
      expect(answer).toMatchObject({ value: 'hello', failedAttempts: [{ failure: { kind: 'timeout' } }] });
    });

    it('has no more time for both calls than for one, and holds the end of the second against no breaker', async () => {
      const saved = hedging();
      for (let i = 0; i < retry.attempts; i += 1) saved.earn();
      const call = hedgedRun({ gpt: [null], claude: ['hi'] }, { hedging: saved });
      for (let attempt = 1; attempt <= retry.attempts; attempt += 1) {
        await until('the attempt has begun', () => {
          if (attempt > 1 && world.calls.length < 2 * attempt - 1) world.time.advance(1);
          return world.calls.length === 2 * attempt - 1;
        });
        world.time.advance(900);
        await until('the second call is made', () => world.calls.length === 2 * attempt);
        world.time.advance(14_099);
        expect(world.signals.slice(-2).map(({ aborted }) => aborted)).toEqual([false, false]);
        world.time.advance(1);
        await until('the attempt has failed', () => world.delays.length === attempt);
        expect(world.signals.slice(2 * attempt - 2, 2 * attempt).map(({ aborted }) => aborted)).toEqual([true, true]);
      }
      expect(await world.finish(call)).toMatchObject({ candidate: claude });
      expect(world.changes).toEqual([]);
    });

    it('has no second call that its budget or the caller’s does not allow', async () => {
      const spent = new Hedging(() => 900, { maxShare: 0.05, savedCalls: 10 });
      let asked = 0;
      const admit = async () => {
        asked += 1;
        if (asked > 1) throw new Error('budget spent');
      };
      for (const rest of [{ hedging: spent }, { hedging: hedging(), admit }]) {
        const caller = new AbortController();
        world.calls = [];
        const call = hedgedRun({ gpt: [null] }, rest, caller.signal);
        await world.timer();
        world.time.advance(10_000);
        caller.abort(new Error('gone'));
        await expect(call).rejects.toThrow('gone');
        expect([world.calls, world.time.pending]).toEqual([['gpt'], 0]);
      }
      expect(asked).toBe(2);
    });

    it('holds a call that lost against no breaker', async () => {
      for (let i = 0; i < 6; i += 1) {
        world.calls = [];
        const call = hedgedRun({ gpt: [null, 'hello'] });
        await world.timer();
        world.time.advance(900);
        await call;
      }
      expect(world.changes).toEqual([]);
    });

    it('ends both calls when the caller gives up', async () => {
      const caller = new AbortController();
      const call = hedgedRun({ gpt: [null] }, undefined, caller.signal);
      await world.timer();
      world.time.advance(900);
      await until('the second call is made', () => world.calls.length === 2);
      caller.abort(new Error('gone'));
      await expect(call).rejects.toThrow('gone');
      expect([world.signals.map(({ aborted }) => aborted), world.time.pending]).toEqual([[true, true], 0]);
    });
  });
});
