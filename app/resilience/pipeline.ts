import { retryPolicy } from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';
import { systemTimers, type Timers } from '../runtime/timers.js';
import { AllCandidatesFailed, type Attempt } from './all-candidates-failed.js';
import { type Breakers, CallAbandoned } from './breakers.js';
import { withDeadline } from './deadline.js';
import { failureOf } from './failure.js';
import { type RetryPolicy, retryDelayMs } from './retry-delay.js';

/** Something that can do the work, such as a model. */
export interface Candidate {
  /** Names the candidate's breaker. */
  readonly key: string;
}

export type ResilienceEvent =
  | ({
      readonly type: 'attempt-failed' /** `null`: no more of this candidate. */;
      readonly retryInMs: number | null;
    } & Attempt)
  | { readonly type: 'fallback-taken'; readonly from: string; readonly to: string };

export interface ResilienceProps<C extends Candidate, T> {
  /** In the order they are tried. */
  readonly candidates: readonly [C, ...C[]];
  /** One attempt. The signal aborts at its timeout and with the caller's signal. */
  call(candidate: C, signal: AbortSignal): Promise<T>;
  readonly breakers: Breakers;
  /** The caller's budget: when it aborts, everything ends. */
  readonly signal: AbortSignal;
  /** For one attempt. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Uniform in [0, 1), for the jitter. */
  readonly random: () => number;
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
 * The one way to call what may fail: fallback(retry(breaker(timeout(call)))).
 *
 * An attempt that fails is retried if the failure may pass; otherwise, or when the attempts are spent, the next candidate is asked.
 * The retry is our own: cockatiel's sleeps through an abort.
 * @throws {AllCandidatesFailed} with every attempt; the signal's reason when the caller gives up
 */
export async function callWithResilience<C extends Candidate, T>(
  props: ResilienceProps<C, T>,
): Promise<ResilientAnswer<C, T>> {
  const failed: Attempt[] = [];
  let lastError: unknown;
  for (const [i, candidate] of props.candidates.entries()) {
    const from = props.candidates[i - 1];
    if (from !== undefined) props.onEvent?.({ type: 'fallback-taken', from: from.key, to: candidate.key });
    try {
      return { value: await retried(props, candidate, failed), candidate, failedAttempts: failed };
    } catch (error) {
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
    try {
      return await props.breakers.run(candidate.key, () => timed(props, candidate));
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

/** One attempt within its time. @throws {CallAbandoned} when the caller gave up, so that the breaker does not hold it against the candidate */
async function timed<C extends Candidate, T>(props: ResilienceProps<C, T>, candidate: C): Promise<T> {
  const { timeoutMs, signal, timers = systemTimers } = props;
  try {
    return await withDeadline({ what: candidate.key, timeoutMs, signal, timers }, (attemptSignal) =>
      props.call(candidate, attemptSignal),
    );
  } catch (error) {
    if (signal.aborted) throw new CallAbandoned(`The call of ${candidate.key} was abandoned.`, { cause: error });
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
