import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ManualTime } from '../../test/support/manual-time.js';
import { until } from '../../test/support/until.js';
import { AllCandidatesFailed } from './all-candidates-failed.js';
import { Breakers } from './breakers.js';
import { Hedging } from './hedging.js';
import { type Candidate, callWithResilience, type ResilienceEvent, type ResilienceProps } from './pipeline.js';

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
    rest: Partial<Pick<ResilienceProps<Candidate, string>, 'hedging' | 'admit'>> = {},
  ) =>
    callWithResilience({
      ...rest,
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

  describe('with hedging', () => {
    const hedging = (afterMs: number | undefined = 900) => new Hedging(() => afterMs, { maxShare: 1, savedCalls: 10 });
    const hedgedRun = (
      script: Script,
      rest: Parameters<typeof run>[3] = { hedging: hedging() },
      caller?: AbortSignal,
    ) => run(script, caller, [gpt, claude], rest);

    it('asks a second time when the first call is late, takes the first good answer and ends the other', async () => {
      const call = hedgedRun({ gpt: [null, 'hello'] });
      await timer();
      time.advance(899);
      expect(calls).toEqual(['gpt']);
      time.advance(1);
      expect(await call).toEqual({ value: 'hello', candidate: gpt, failedAttempts: [] });
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
      expect([calls, time.pending]).toEqual([['gpt', 'gpt'], 0]);
      expect(events).toEqual([{ type: 'hedge-begun', candidate: 'gpt' }]);
    });

    it('asks once when the answer comes in time, or nobody knows when it is late', async () => {
      expect(await hedgedRun({ gpt: ['hello'] })).toMatchObject({ value: 'hello' });
      expect([calls, time.pending]).toEqual([['gpt'], 0]);
      const call = hedgedRun({ gpt: [null] }, { hedging: new Hedging(() => undefined) });
      await timer();
      time.advance(14_999);
      expect(calls).toEqual(['gpt', 'gpt']);
      time.advance(1);
      await finish(call.catch(() => undefined));
    });

    it('leaves a failure before that to the retry', async () => {
      const answer = await finish(hedgedRun({ gpt: [status(500), 'hello'] }));
      expect(answer.failedAttempts).toHaveLength(1);
      expect(events.map(({ type }) => type)).toEqual(['attempt-failed']);
    });

    it('waits for the first call when the second fails, and counts one attempt when both do', async () => {
      const call = hedgedRun({ gpt: [null, status(500), 'hello'] });
      await timer();
      time.advance(900);
      await until('the second call has failed', () => calls.length === 2);
      expect(signals[0]?.aborted).toBe(false);
      time.advance(14_100);
      const answer = await finish(call);
      expect(answer).toMatchObject({ value: 'hello', failedAttempts: [{ failure: { kind: 'timeout' } }] });
    });

    it('has no more time for both calls than for one, and holds the end of the second against no breaker', async () => {
      const saved = hedging();
      for (let i = 0; i < retry.attempts; i += 1) saved.earn();
      const call = hedgedRun({ gpt: [null], claude: ['hi'] }, { hedging: saved });
      for (let attempt = 1; attempt <= retry.attempts; attempt += 1) {
        await until('the attempt has begun', () => {
          if (attempt > 1 && calls.length < 2 * attempt - 1) time.advance(1);
          return calls.length === 2 * attempt - 1;
        });
        time.advance(900);
        await until('the second call is made', () => calls.length === 2 * attempt);
        time.advance(14_099);
        expect(signals.slice(-2).map(({ aborted }) => aborted)).toEqual([false, false]);
        time.advance(1);
        await until('the attempt has failed', () => delays().length === attempt);
        expect(signals.slice(2 * attempt - 2, 2 * attempt).map(({ aborted }) => aborted)).toEqual([true, true]);
      }
      expect(await finish(call)).toMatchObject({ candidate: claude });
      expect(changes).toEqual([]);
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
        calls = [];
        const call = hedgedRun({ gpt: [null] }, rest, caller.signal);
        await timer();
        time.advance(10_000);
        caller.abort(new Error('gone'));
        await expect(call).rejects.toThrow('gone');
        expect([calls, time.pending]).toEqual([['gpt'], 0]);
      }
      expect(asked).toBe(2);
    });

    it('holds a call that lost against no breaker', async () => {
      for (let i = 0; i < 6; i += 1) {
        calls = [];
        const call = hedgedRun({ gpt: [null, 'hello'] });
        await timer();
        time.advance(900);
        await call;
      }
      expect(changes).toEqual([]);
    });

    it('ends both calls when the caller gives up', async () => {
      const caller = new AbortController();
      const call = hedgedRun({ gpt: [null] }, undefined, caller.signal);
      await timer();
      time.advance(900);
      await until('the second call is made', () => calls.length === 2);
      caller.abort(new Error('gone'));
      await expect(call).rejects.toThrow('gone');
      expect([signals.map(({ aborted }) => aborted), time.pending]).toEqual([[true, true], 0]);
    });
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
      expect(breakers.isOpen('gpt')).toBe(true);
      time.advance(10_000);
      expect(breakers.isOpen('gpt')).toBe(false);
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
