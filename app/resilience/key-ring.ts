import { keyPolicy } from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';

/** Every key of a provider rests. */
export class NoKeyAvailableError extends Error {
  override readonly name = 'NoKeyAvailableError';
  /** As a provider's own 429 says it, so that the pipeline reads both alike. */
  readonly status = 429;
  readonly headers: Readonly<Record<string, string>>;

  constructor(readonly retryAfterMs: number) {
    super(`Every key rests after a rate limit; the next is free in ${Math.ceil(retryAfterMs / 1000)} s.`);
    this.headers = { 'retry-after-ms': String(retryAfterMs) };
  }
}

/** A provider's API keys, taken in turn. One that met a rate limit rests. */
export class KeyRing {
  readonly #restsUntil = new Map<string, number>();
  #next = 0;

  /** @throws {RangeError} without a key */
  constructor(
    private readonly keys: readonly string[],
    private readonly clock: Clock,
  ) {
    if (keys.length === 0) throw new RangeError('A key ring needs at least one key.');
  }

  get size(): number {
    return this.keys.length;
  }

  /** The next key that does not rest. @throws {NoKeyAvailableError} */
  take(): string {
    const now = this.clock();
    for (let step = 0; step < this.keys.length; step++) {
      const index = (this.#next + step) % this.keys.length;
      const key = this.keys[index];
      if (key === undefined || this.#restOf(key, now) > 0) continue;
      this.#next = index + 1;
      return key;
    }
    throw new NoKeyAvailableError(Math.min(...this.keys.map((key) => this.#restOf(key, now))));
  }

  /** A key's place on the ring, from 1, by which it can be named without being told. */
  placeOf(key: string): number {
    return this.keys.indexOf(key) + 1;
  }

  /** Whether {@link take} would give a key now. */
  get hasFreeKey(): boolean {
    const now = this.clock();
    return this.keys.some((key) => this.#restOf(key, now) <= 0);
  }

  /** Lets a key rest. A longer rest that it already has stays. @param retryAfterMs as the provider says. @default keyPolicy.restMs */
  rest(key: string, retryAfterMs: number = keyPolicy.restMs): void {
    if (!this.keys.includes(key)) throw new Error('The key to rest is not on this ring.');
    const until = this.clock() + retryAfterMs;
    this.#restsUntil.set(key, Math.max(until, this.#restsUntil.get(key) ?? until));
  }

  #restOf(key: string, now: number): number {
    return (this.#restsUntil.get(key) ?? now) - now;
  }
}
