import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { breakerPolicy } from '../../contract/index.js';
import { countsAgainstBreaker, failureOf } from './failure.js';

export interface BreakerPolicy {
  readonly consecutiveFailures: number;
  /** How long a breaker is open before one call tries again. */
  readonly halfOpenAfterMs: number;
}

/** The caller gave up on a call. It says nothing about the other side. */
export class CallAbandoned extends Error {
  override readonly name = 'CallAbandoned';
}

/** One circuit breaker for each key, such as a model: what keeps failing is left alone for a while. */
export class Breakers {
  readonly #byKey = new Map<string, CircuitBreakerPolicy>();
  /** Until when calls are refused. */
  readonly #openUntil = new Map<string, number>();

  /**
   * @param policy @default breakerPolicy of the contract
   * @param onChange told when a breaker opens or closes
   */
  constructor(
    private readonly policy: BreakerPolicy = breakerPolicy,
    private readonly onChange: (key: string, state: 'open' | 'closed') => void = () => undefined,
  ) {}

  /**
   * Makes a call if the breaker lets it.
   * @throws {BrokenCircuitError} without a call while the breaker is open, or another call is trying whether it may close:
   * cockatiel would wait for that call, and a fallback is faster
   */
  async run<T>(key: string, call: () => Promise<T>): Promise<T> {
    const breaker = this.#breaker(key);
    if (breaker.state === CircuitState.HalfOpen) throw new BrokenCircuitError();
    return breaker.execute(call);
  }

  /** Whether calls of this key are refused now. Not once one may try again: whoever asks first and never calls would leave it open for good. */
  isOpen(key: string): boolean {
    // cockatiel's clock, by which it lets that one through.
    return Date.now() < (this.#openUntil.get(key) ?? 0);
  }

  #breaker(key: string): CircuitBreakerPolicy {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    // An abandoned trial proves nothing; cockatiel closes the breaker on errors that do not count, so here it has to count.
    const counts = (error: Error): boolean =>
      error instanceof CallAbandoned
        ? breaker.state === CircuitState.HalfOpen
        : countsAgainstBreaker(failureOf(error, 0));
    const breaker = circuitBreaker(handleWhen(counts), {
      halfOpenAfter: this.policy.halfOpenAfterMs,
      breaker: new ConsecutiveBreaker(this.policy.consecutiveFailures),
    });
    breaker.onBreak(() => {
      this.#openUntil.set(key, Date.now() + this.policy.halfOpenAfterMs);
      this.onChange(key, 'open');
    });
    breaker.onReset(() => {
      this.#openUntil.delete(key);
      this.onChange(key, 'closed');
    });
    this.#byKey.set(key, breaker);
    return breaker;
  }
}
