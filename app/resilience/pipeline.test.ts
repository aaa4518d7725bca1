import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AllCandidatesFailed } from './all-candidates-failed.js';
import type { Candidate } from './pipeline.js';
import { claude, gpt, ResilienceWorld, type Script, status } from './resilience-world.fixture.js';

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

  it('answers from the first candidate when all is well', async () => {
    expect(await world.run({ gpt: ['hello'] })).toEqual({ value: 'hello', candidate: gpt, failedAttempts: [] });
    expect(world.time.pending).toBe(0);
  });

  it('tries again with growing, jittered delays when the failure may pass', async () => {
    const answer = await world.finish(world.run({ gpt: [status(500), status(503), 'hello'] }));
    expect(answer).toMatchObject({ value: 'hello', candidate: gpt });
    expect(answer.failedAttempts.map(({ attempt, failure }) => [attempt, failure.kind])).toEqual([
      [1, 'server'],
      [2, 'server'],
    ]);
    expect(world.delays).toEqual([100, 200]);
  });

  it('waits at least as long as a 429 asks', async () => {
    const call = world.run({ gpt: [status(429, { 'retry-after': '2' }), 'hello'] });
    await world.backoff();
    world.time.advance(2000);
    expect(world.calls).toEqual(['gpt']);
    world.time.advance(100);
    expect(await call).toMatchObject({ value: 'hello' });
    expect(world.calls).toEqual(['gpt', 'gpt']);
  });

  it('goes to the next candidate at once when a 429 asks for longer than it is worth', async () => {
    expect(await world.run({ gpt: [status(429, { 'retry-after': '60' })], claude: ['hi'] })).toMatchObject({
      candidate: claude,
    });
    expect(world.calls).toEqual(['gpt', 'claude']);
  });

  it('does not repeat what can only fail again', async () => {
    expect(await world.run({ gpt: [status(401)], claude: ['hi'] })).toMatchObject({
      value: 'hi',
      candidate: claude,
    });
    expect(world.calls).toEqual(['gpt', 'claude']);
    expect(world.events.at(-1)).toEqual({ type: 'fallback-taken', from: 'gpt', to: 'claude' });
  });

  it('gives up an attempt that hangs, tells it to stop, and tries again', async () => {
    const call = world.run({ gpt: [null, 'hello'] });
    await world.timer();
    world.time.advance(15_000);
    expect(world.signals[0]?.aborted).toBe(true);
    expect(await world.finish(call)).toMatchObject({
      value: 'hello',
      failedAttempts: [{ failure: { kind: 'timeout' } }],
    });
  });

  it('says what every attempt met with when all have failed', async () => {
    const failure = world.finish(world.run({ gpt: [status(500)], claude: [status(400)] }));
    await expect(failure).rejects.toThrow(AllCandidatesFailed);
    await expect(failure).rejects.toThrow(
      'No candidate answered: gpt #1: server, status 500; gpt #2: server, status 500; gpt #3: server, status 500; claude #1: rejected, status 400',
    );
  });

  it('passes on the shortest wait that was asked for, rounded up', async () => {
    const script = { gpt: [status(429, { 'retry-after': '60' })], claude: [status(429, { 'retry-after-ms': '7001' })] };
    const error = await world.run(script).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AllCandidatesFailed);
    expect(error).toMatchObject({ retryAfterSeconds: 8 });
  });

  it('ends everything when the caller gives up during a call', async () => {
    const caller = new AbortController();
    const call = world.run({ gpt: [null] }, caller.signal);
    await world.timer();
    caller.abort(new Error('client went away'));
    await expect(call).rejects.toThrow('client went away');
    expect([world.signals[0]?.aborted, world.calls, world.time.pending]).toEqual([true, ['gpt'], 0]);
  });

  it('ends everything when the caller gives up during a wait', async () => {
    const caller = new AbortController();
    const call = world.run({ gpt: [status(500)] }, caller.signal);
    await world.backoff();
    caller.abort(new Error('client went away'));
    await expect(call).rejects.toThrow('client went away');
    expect([world.calls, world.time.pending]).toEqual([['gpt'], 0]);
  });

  it('calls nobody for a caller who has gone', async () => {
    await expect(world.run({ gpt: ['hello'] }, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(world.calls).toEqual([]);
  });

  it('can still be ended by the caller after the answer has begun, as a stream must', async () => {
    const caller = new AbortController();
    await world.run({ gpt: ['stream'] }, caller.signal);
    world.time.advance(60_000);
    expect(world.signals[0]?.aborted).toBe(false);
    caller.abort();
    expect(world.signals[0]?.aborted).toBe(true);
  });

  describe('with a breaker', () => {
    const only: [Candidate] = [gpt];
    const down: Script = { gpt: [status(500)], claude: ['hi'] };
    const open = async () => {
      await world.finish(world.run(down));
      await world.finish(world.run(down));
      world.calls = [];
    };

    it('leaves a candidate alone after five failures in a row, and asks the next one', async () => {
      await open();
      expect(await world.run(down)).toMatchObject({
        candidate: claude,
        failedAttempts: [{ failure: { kind: 'breaker-open' } }],
      });
      expect([world.calls, world.changes]).toEqual([['claude'], ['gpt open']]);
    });

    it('keeps the attempts near the requests while it is open', async () => {
      await open();
      const start = world.time.clock();
      for (let i = 0; i < 100; i++) await world.run(down);
      expect([world.calls.length, world.time.clock() - start]).toEqual([100, 0]);
    });

    it('lets one call try after its time, and closes when that works', async () => {
      await open();
      expect(world.breakers.isOpen('gpt')).toBe(true);
      world.time.advance(10_000);
      expect(world.breakers.isOpen('gpt')).toBe(false);
      expect(await world.run({ gpt: ['back'] }, undefined, only)).toMatchObject({ value: 'back' });
      expect(world.changes).toEqual(['gpt open', 'gpt closed']);
    });

    it('does not make others wait for the call that tries', async () => {
      await open();
      world.time.advance(10_000);
      const caller = new AbortController();
      const trying = world.run({ gpt: [null] }, caller.signal, only);
      await world.timer();
      expect(await world.run(down)).toMatchObject({ candidate: claude });
      caller.abort(new Error('done'));
      await expect(trying).rejects.toThrow('done');
    });

    it('stays open when the caller abandons the call that tries', async () => {
      await open();
      world.time.advance(10_000);
      const caller = new AbortController();
      const trying = world.run({ gpt: [null] }, caller.signal, only);
      await world.timer();
      caller.abort(new Error('done'));
      await expect(trying).rejects.toThrow('done');
      world.calls = [];
      expect(await world.run({ gpt: ['back'], claude: ['hi'] })).toMatchObject({ candidate: claude });
      expect(world.calls).toEqual(['claude']);
    });

    it('does not open because callers gave up or asked for what is refused', async () => {
      for (let i = 0; i < 10; i++) {
        const caller = new AbortController();
        const call = world.run({ gpt: [null] }, caller.signal, only);
        await world.timer();
        caller.abort(new Error('gone'));
        await expect(call).rejects.toThrow('gone');
        await expect(world.run({ gpt: [status(400)] }, undefined, only)).rejects.toThrow(AllCandidatesFailed);
      }
      expect(world.changes).toEqual([]);
    });
  });
});
