import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ManualTime } from '../../test/support/manual-time.js';
import { until } from '../../test/support/until.js';
import { AllCandidatesFailed } from './all-candidates-failed.js';
import { Breakers } from './breakers.js';
import { type Candidate, callWithResilience, type ResilienceEvent } from './pipeline.js';

const gpt: Candidate = { key: 'gpt' };
const claude: Candidate = { key: 'claude' };
const retry = { attempts: 3, initialDelayMs: 200, maxDelayMs: 5000 };
const status = (code: number, headers: Record<string, string> = {}) =>
  Object.assign(new Error(`status ${code}`), { status: code, headers });

/** What each candidate does, call by call: an error is thrown, a text answered, `null` never ends. The last is repeated. */
type Script = Readonly<Record<string, readonly (Error | string | null)[]>>;

describe('the resilience pipeline', () => {
  let time: ManualTime;
  let calls: string[];
  let signals: AbortSignal[];
  let events: ResilienceEvent[];
  let breakers: Breakers;
  let changes: string[];

  beforeEach(() => {
    time = new ManualTime();
    // The breaker reads the time by itself.
    jest.spyOn(Date, 'now').mockImplementation(time.clock);
    [calls, signals, events, changes] = [[], [], [], []];
    breakers = new Breakers({ consecutiveFailures: 5, halfOpenAfterMs: 10_000 }, (key, state) =>
      changes.push(`${key} ${state}`),
    );
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const run = (
    script: Script,
    signal = new AbortController().signal,
    candidates: [Candidate, ...Candidate[]] = [gpt, claude],
  ) =>
    callWithResilience({
      candidates,
      call: ({ key }, guard) =>
        guard(key, async (attemptSignal) => {
          const steps = script[key] ?? [];
          const made = calls.filter((call) => call === key).length;
          calls.push(key);
          signals.push(attemptSignal);
          const step = steps[Math.min(made, steps.length - 1)];
          if (step === null) return new Promise<string>(() => undefined);
          if (typeof step === 'string') return step;
          throw step;
        }),
      breakers,
      signal,
      timeoutMs: 15_000,
      retry,
      clock: time.clock,
      random: () => 0.5,
      timers: time,
      onEvent: (event) => events.push(event),
    });
  const delays = () => events.flatMap((event) => (event.type === 'attempt-failed' ? [event.retryInMs] : []));
  const timer = () => until('a timer is set', () => time.pending > 0);
  const backoff = () => until('an attempt has failed', () => events.length > 0 && time.pending > 0);
  /** Lets time pass until the call has ended. */
  const finish = async <T>(call: Promise<T>): Promise<T> => {
    let ended = false;
    const end = () => {
      ended = true;
    };
    call.then(end, end);
    await until('the call has ended', () => {
      if (!ended) time.advance(100);
      return ended;
    });
    return call;
  };

  it('answers from the first candidate when all is well', async () => {
    expect(await run({ gpt: ['hello'] })).toEqual({ value: 'hello', candidate: gpt, failedAttempts: [] });
    expect(time.pending).toBe(0);
  });

  it('tries again with growing, jittered delays when the failure may pass', async () => {
    const answer = await finish(run({ gpt: [status(500), status(503), 'hello'] }));
    expect(answer).toMatchObject({ value: 'hello', candidate: gpt });
    expect(answer.failedAttempts.map(({ attempt, failure }) => [attempt, failure.kind])).toEqual([
      [1, 'server'],
      [2, 'server'],
    ]);
    expect(delays()).toEqual([100, 200]);
  });

  it('waits at least as long as a 429 asks', async () => {
    const call = run({ gpt: [status(429, { 'retry-after': '2' }), 'hello'] });
    await backoff();
    time.advance(2000);
    expect(calls).toEqual(['gpt']);
    time.advance(100);
    expect(await call).toMatchObject({ value: 'hello' });
    expect(calls).toEqual(['gpt', 'gpt']);
  });

  it('goes to the next candidate at once when a 429 asks for longer than it is worth', async () => {
    expect(await run({ gpt: [status(429, { 'retry-after': '60' })], claude: ['hi'] })).toMatchObject({
      candidate: claude,
    });
    expect(calls).toEqual(['gpt', 'claude']);
  });

  it('does not repeat what can only fail again', async () => {
    expect(await run({ gpt: [status(401)], claude: ['hi'] })).toMatchObject({ value: 'hi', candidate: claude });
    expect(calls).toEqual(['gpt', 'claude']);
    expect(events.at(-1)).toEqual({ type: 'fallback-taken', from: 'gpt', to: 'claude' });
  });

  it('gives up an attempt that hangs, tells it to stop, and tries again', async () => {
    const call = run({ gpt: [null, 'hello'] });
    await timer();
    time.advance(15_000);
    expect(signals[0]?.aborted).toBe(true);
    expect(await finish(call)).toMatchObject({ value: 'hello', failedAttempts: [{ failure: { kind: 'timeout' } }] });
  });

  it('says what every attempt met with when all have failed', async () => {
    const failure = finish(run({ gpt: [status(500)], claude: [status(400)] }));
    await expect(failure).rejects.toThrow(AllCandidatesFailed);
    await expect(failure).rejects.toThrow(
      'No candidate answered: gpt #1: server, status 500; gpt #2: server, status 500; gpt #3: server, status 500; claude #1: rejected, status 400',
    );
  });

  it('passes on the shortest wait that was asked for, rounded up', async () => {
    const script = { gpt: [status(429, { 'retry-after': '60' })], claude: [status(429, { 'retry-after-ms': '7001' })] };
    const error = await run(script).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AllCandidatesFailed);
    expect(error).toMatchObject({ retryAfterSeconds: 8 });
  });

  it('ends everything when the caller gives up during a call', async () => {
    const caller = new AbortController();
    const call = run({ gpt: [null] }, caller.signal);
    await timer();
    caller.abort(new Error('client went away'));
    await expect(call).rejects.toThrow('client went away');
    expect([signals[0]?.aborted, calls, time.pending]).toEqual([true, ['gpt'], 0]);
  });

  it('ends everything when the caller gives up during a wait', async () => {
    const caller = new AbortController();
    const call = run({ gpt: [status(500)] }, caller.signal);
    await backoff();
    caller.abort(new Error('client went away'));
    await expect(call).rejects.toThrow('client went away');
    expect([calls, time.pending]).toEqual([['gpt'], 0]);
  });

  it('calls nobody for a caller who has gone', async () => {
    await expect(run({ gpt: ['hello'] }, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(calls).toEqual([]);
  });

  it('can still be ended by the caller after the answer has begun, as a stream must', async () => {
    const caller = new AbortController();
    await run({ gpt: ['stream'] }, caller.signal);
    time.advance(60_000);
    expect(signals[0]?.aborted).toBe(false);
    caller.abort();
    expect(signals[0]?.aborted).toBe(true);
  });

  describe('with a breaker', () => {
    const only: [Candidate] = [gpt];
    const down: Script = { gpt: [status(500)], claude: ['hi'] };
    const open = async () => {
      await finish(run(down));
      await finish(run(down));
      calls = [];
    };

    it('leaves a candidate alone after five failures in a row, and asks the next one', async () => {
      await open();
      expect(await run(down)).toMatchObject({
        candidate: claude,
        failedAttempts: [{ failure: { kind: 'breaker-open' } }],
      });
      expect([calls, changes]).toEqual([['claude'], ['gpt open']]);
    });

    it('keeps the attempts near the requests while it is open', async () => {
      await open();
      const start = time.clock();
      for (let i = 0; i < 100; i++) await run(down);
      expect([calls.length, time.clock() - start]).toEqual([100, 0]);
    });

    it('lets one call try after its time, and closes when that works', async () => {
      await open();
      time.advance(10_000);
      expect(await run({ gpt: ['back'] }, undefined, only)).toMatchObject({ value: 'back' });
      expect(changes).toEqual(['gpt open', 'gpt closed']);
    });

    it('does not make others wait for the call that tries', async () => {
      await open();
      time.advance(10_000);
      const caller = new AbortController();
      const trying = run({ gpt: [null] }, caller.signal, only);
      await timer();
      expect(await run(down)).toMatchObject({ candidate: claude });
      caller.abort(new Error('done'));
      await expect(trying).rejects.toThrow('done');
    });

    it('stays open when the caller abandons the call that tries', async () => {
      await open();
      time.advance(10_000);
      const caller = new AbortController();
      const trying = run({ gpt: [null] }, caller.signal, only);
      await timer();
      caller.abort(new Error('done'));
      await expect(trying).rejects.toThrow('done');
      calls = [];
      expect(await run({ gpt: ['back'], claude: ['hi'] })).toMatchObject({ candidate: claude });
      expect(calls).toEqual(['claude']);
    });

    it('does not open because callers gave up or asked for what is refused', async () => {
      for (let i = 0; i < 10; i++) {
        const caller = new AbortController();
        const call = run({ gpt: [null] }, caller.signal, only);
        await timer();
        caller.abort(new Error('gone'));
        await expect(call).rejects.toThrow('gone');
        await expect(run({ gpt: [status(400)] }, undefined, only)).rejects.toThrow(AllCandidatesFailed);
      }
      expect(changes).toEqual([]);
    });
  });
});
