import { retryPolicy } from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';
import { systemTimers, type Timers } from '../runtime/timers.js';
import { AllCandidatesFailed, type Attempt } from './all-candidates-failed.js';
import { type Breakers, CallAbandoned } from './breakers.js';
import { withDeadline } from './deadline.js';
import { failureOf } from './failure.js';
import { hedged } from './hedged.js';
import type { Hedging } from './hedging.js';
import { type RetryPolicy, retryDelayMs } from './retry-delay.js';

/** Something that can do the work, such as a model. */
export interface Candidate {
  readonly key: string;
}

/**
 * Makes a call within its time, unless the breaker of this way to the candidate is open. A model is reached by as many ways as it
 * has API keys, and each has a breaker of its own.
 * @param call gets a signal that aborts at the call's timeout and with the caller's signal
 */
export type Guard = <T>(way: string, call: (signal: AbortSignal) => Promise<T>) => Promise<T>;

export type ResilienceEvent =
  | ({
      readonly type: 'attempt-failed' /** `null`: no more of this candidate. */;
      readonly retryInMs: number | null;
    } & Attempt)
  | { readonly type: 'hedge-begun'; readonly candidate: string }
  | { readonly type: 'fallback-taken'; readonly from: string; readonly to: string };

export interface ResilienceProps<C extends Candidate, T> {
  /** In the order they are tried. */
  readonly candidates: readonly [C, ...C[]];
  /** Asked before each attempt. What it throws ends everything: no other candidate would be let through. @default all are admitted */
  admit?(): Promise<void>;
  /** One attempt, which makes its call through the guard; more than one where another way may do what the first did not. */
  call(candidate: C, guard: Guard): Promise<T>;
  readonly breakers: Breakers;
  /** The caller's budget: when it aborts, everything ends. */
  readonly signal: AbortSignal;
  /** For one attempt. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Uniform in [0, 1), for the jitter. */
  readonly random: () => number;
  /** Second calls of a candidate that is late. Only for what may be done twice. @default none */
  readonly hedging?: Hedging;
  /** @default retryPolicy of the contract */
  readonly retry?: RetryPolicy;
  /** @default the process's own */
  readonly timers?: Timers;
  readonly onEvent?: (event: ResilienceEvent) => void;
}

export interface ResilientAnswer<C extends Candidate, T> {
  readonly value: T;
  readonly candidate: C;
  /** What failed before it. */
  readonly failedAttempts: readonly Attempt[];
}

/**
 * The one way to call what may fail: fallback(retry(breaker(timeout(call)))), and where it is chosen a hedge within the retry: what
 * of an attempt is late is called a second time.
 *
 * An attempt that fails is retried if the failure may pass; otherwise, or when the attempts are spent, the next candidate is asked.
 * The retry is our own: cockatiel's sleeps through an abort.
 * @throws {AllCandidatesFailed} with every attempt; the signal's reason when the caller gives up
 */
export async function callWithResilience<C extends Candidate, T>(
  props: ResilienceProps<C, T>,
): Promise<ResilientAnswer<C, T>> {
  props.hedging?.earn();
  const failed: Attempt[] = [];
  let lastError: unknown;
  for (const [i, candidate] of props.candidates.entries()) {
    const from = props.candidates[i - 1];
    if (from !== undefined) props.onEvent?.({ type: 'fallback-taken', from: from.key, to: candidate.key });
    try {
      return { value: await retried(props, candidate, failed), candidate, failedAttempts: failed };
    } catch (error) {
      if (error instanceof NotAdmitted) throw error.cause;
      props.signal.throwIfAborted();
      lastError = error;
    }
  }
  throw new AllCandidatesFailed(failed, { cause: lastError });
}

/** Calls one candidate until it answers or trying again makes no sense. Adds what fails to `failed`. */
async function retried<C extends Candidate, T>(
  props: ResilienceProps<C, T>,
  candidate: C,
  failed: Attempt[],
): Promise<T> {
  const { signal, clock, random, retry = retryPolicy, timers = systemTimers, onEvent } = props;
  for (let attempt = 1; ; attempt++) {
    await props.admit?.().catch((cause: unknown) => {
      throw new NotAdmitted('The attempt was not admitted.', { cause });
    });
    try {
      return await attempted(props, candidate);
    } catch (error) {
      signal.throwIfAborted();
      const failure = failureOf(error, clock());
      const retryInMs = retryDelayMs(attempt, failure, retry, random);
      failed.push({ candidate: candidate.key, attempt, failure });
      onEvent?.({ type: 'attempt-failed', candidate: candidate.key, attempt, failure, retryInMs });
      if (retryInMs === null) throw error;
      await pause(retryInMs, signal, timers);
    }
  }
}

/** One attempt: one call, or two of which the first good answer counts. */
function attempted<C extends Candidate, T>(props: ResilienceProps<C, T>, candidate: C): Promise<T> {
  const { breakers, hedging, signal, timers = systemTimers, onEvent } = props;
  const attempt = (until: AbortSignal) =>
    props.call(candidate, (way, call) => breakers.run(way, () => timed({ ...props, signal: until }, candidate, call)));
  const afterMs = hedging?.afterMs(candidate.key);
  if (hedging === undefined || afterMs === undefined) return attempt(signal);
  const admit = async () => props.admit?.();
  const spend = () => {
    const begins = hedging.spend();
    if (begins) onEvent?.({ type: 'hedge-begun', candidate: candidate.key });
    return begins;
  };
  return hedged({ afterMs, admit, spend, timers }, (own) => attempt(AbortSignal.any([signal, own])));
}

/** Carries what {@link ResilienceProps.admit} threw past retries and fallbacks. */
class NotAdmitted extends Error {}

/** One call within its time. @throws {CallAbandoned} when the caller gave up, so that the breaker does not hold it against the candidate */
async function timed<T>(
  props: Pick<ResilienceProps<Candidate, unknown>, 'timeoutMs' | 'signal' | 'timers'>,
  { key }: Candidate,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { timeoutMs, signal, timers = systemTimers } = props;
  try {
    return await withDeadline({ what: key, timeoutMs, signal, timers }, call);
  } catch (error) {
    if (signal.aborted) throw new CallAbandoned(`The call of ${key} was abandoned.`, { cause: error });
    throw error;
  }
}

/** Waits, unless the signal aborts. @throws the signal's reason */
function pause(delayMs: number, signal: AbortSignal, timers: Timers): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = timers.after(delayMs, () => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    });
    signal.addEventListener('abort', giveUp, { once: true });
  });
}
