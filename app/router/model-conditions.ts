import { routerPolicy } from '../../contract/index.js';
import { CallAbandoned } from '../resilience/breakers.js';
import { countsAgainstBreaker, failureOf } from '../resilience/failure.js';
import type { Clock } from '../runtime/clock.js';
import { counted, type DecayingCount, NEVER, weightAt } from './decaying-count.js';
import { type DecayingHistogram, EMPTY_HISTOGRAM, quantileMs, weightOf, withTime } from './decaying-histogram.js';

/** How a model did lately. */
export interface ModelCondition {
  /** Times of whole answers; absent where too few were measured. */
  readonly latencyMs?: { readonly p50: number; readonly p95: number };
  /** Part of its calls that failed by its own fault, 0 to 1; 0 where there were too few. */
  readonly errorRatio: number;
}

export interface ConditionPolicy {
  readonly latencyHalfLifeMs: number;
  readonly errorHalfLifeMs: number;
  /** Of fewer calls, each weighted by its age, nothing is concluded. */
  readonly minCalls: number;
}

interface Seen {
  readonly answers: DecayingHistogram;
  readonly calls: DecayingCount;
  readonly failures: DecayingCount;
}
const NOTHING: Seen = { answers: EMPTY_HISTOGRAM, calls: NEVER, failures: NEVER };

/** Measures the models' calls: by this the router chooses, and knows when a call is late. */
export class ModelConditions {
  readonly #seen = new Map<string, Seen>();

  /** @param policy @default routerPolicy of the contract */
  constructor(
    private readonly clock: Clock,
    private readonly policy: ConditionPolicy = routerPolicy,
  ) {}

  of(model: string): ModelCondition {
    const { answers, calls, failures } = this.#seen.get(model) ?? NOTHING;
    const { latencyHalfLifeMs, errorHalfLifeMs, minCalls } = this.policy;
    const now = this.clock();
    const measured = weightOf(answers, now, latencyHalfLifeMs) >= minCalls;
    const called = weightAt(calls, now, errorHalfLifeMs);
    return {
      ...(measured && { latencyMs: { p50: quantileMs(answers, 0.5), p95: quantileMs(answers, 0.95) } }),
      errorRatio: called < minCalls ? 0 : weightAt(failures, now, errorHalfLifeMs) / called,
    };
  }

  /**
   * Makes a call of a model and keeps how it went. A call that timed out took at least so long; so did one that was abandoned, which
   * says something only of what takes longer than most.
   * @param ends with the whole answer, or where it begins, which says nothing about the time of a whole one
   */
  async observe<T>(model: string, ends: 'whole' | 'begun', call: () => Promise<T>): Promise<T> {
    const startedAt = this.clock();
    const keep = (failed: boolean, timed: boolean) =>
      this.#keep(model, failed, timed && ends === 'whole' ? this.clock() - startedAt : undefined);
    try {
      const value = await call();
      keep(false, true);
      return value;
    } catch (error) {
      const failure = failureOf(error, this.clock());
      if (error instanceof CallAbandoned) {
        const { latencyMs } = this.of(model);
        if (latencyMs !== undefined && this.clock() - startedAt > latencyMs.p50) keep(false, true);
      } else if (failure.kind !== 'breaker-open') {
        keep(countsAgainstBreaker(failure), failure.kind === 'timeout');
      }
      throw error;
    }
  }

  #keep(model: string, failed: boolean, ms: number | undefined): void {
    const { answers, calls, failures } = this.#seen.get(model) ?? NOTHING;
    const { latencyHalfLifeMs, errorHalfLifeMs } = this.policy;
    const now = this.clock();
    this.#seen.set(model, {
      answers: ms === undefined ? answers : withTime(answers, ms, now, latencyHalfLifeMs),
      calls: counted(calls, now, errorHalfLifeMs),
      failures: failed ? counted(failures, now, errorHalfLifeMs) : failures,
    });
  }
}
