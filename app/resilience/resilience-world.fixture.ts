import { ManualTime } from '../../test/support/manual-time.js';
import { until } from '../../test/support/until.js';
import { Breakers } from './breakers.js';
import { type Candidate, callWithResilience, type ResilienceEvent, type ResilienceProps } from './pipeline.js';

export const gpt: Candidate = { key: 'gpt' };
export const claude: Candidate = { key: 'claude' };
export const retry = { attempts: 3, initialDelayMs: 200, maxDelayMs: 5000 };

export function status(code: number, headers: Record<string, string> = {}) {
  return Object.assign(new Error(`status ${code}`), { status: code, headers });
}

/** What each candidate does, call by call: an error is thrown, a text answered, `null` never ends. The last is repeated. */
export type Script = Readonly<Record<string, readonly (Error | string | null)[]>>;

/** A pipeline whose candidates follow a script, in a time that the test moves. */
export class ResilienceWorld {
  readonly time = new ManualTime();
  /** Whom each call asked. */
  calls: string[] = [];
  readonly signals: AbortSignal[] = [];
  readonly events: ResilienceEvent[] = [];
  /** What the breakers went through. */
  readonly changes: string[] = [];
  readonly breakers = new Breakers({ consecutiveFailures: 5, halfOpenAfterMs: 10_000 }, (key, state) =>
    this.changes.push(`${key} ${state}`),
  );

  run(
    script: Script,
    signal = new AbortController().signal,
    candidates: [Candidate, ...Candidate[]] = [gpt, claude],
    rest: Partial<Pick<ResilienceProps<Candidate, string>, 'hedging' | 'admit'>> = {},
  ) {
    return callWithResilience({
      ...rest,
      candidates,
      call: ({ key }, guard) =>
        guard(key, async (attemptSignal) => {
          const steps = script[key] ?? [];
          const made = this.calls.filter((call) => call === key).length;
          this.calls.push(key);
          this.signals.push(attemptSignal);
          const step = steps[Math.min(made, steps.length - 1)];
          if (step === null) return new Promise<string>(() => undefined);
          if (typeof step === 'string') return step;
          throw step;
        }),
      breakers: this.breakers,
      signal,
      timeoutMs: 15_000,
      retry,
      clock: this.time.clock,
      random: () => 0.5,
      timers: this.time,
      onEvent: (event) => this.events.push(event),
    });
  }

  /** The waits before each attempt that was made again. */
  get delays() {
    return this.events.flatMap((event) => (event.type === 'attempt-failed' ? [event.retryInMs] : []));
  }

  timer(): Promise<void> {
    return until('a timer is set', () => this.time.pending > 0);
  }

  backoff(): Promise<void> {
    return until('an attempt has failed', () => this.events.length > 0 && this.time.pending > 0);
  }

  /** Lets time pass until the call has ended. */
  async finish<T>(call: Promise<T>): Promise<T> {
    let ended = false;
    const end = () => {
      ended = true;
    };
    call.then(end, end);
    await until('the call has ended', () => {
      if (!ended) this.time.advance(100);
      return ended;
    });
    return call;
  }
}
