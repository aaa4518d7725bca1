import type { Failure } from './failure.js';

/** An attempt that failed. */
export interface Attempt {
  /** Key of the candidate. */
  readonly candidate: string;
  /** From 1, counted for each candidate. */
  readonly attempt: number;
  readonly failure: Failure;
}

/** Every candidate was tried, as often as the policy allows. */
export class AllCandidatesFailed extends Error {
  override readonly name = 'AllCandidatesFailed';

  /** @param attempts in the order they were made */
  constructor(
    readonly attempts: readonly Attempt[],
    options?: ErrorOptions,
  ) {
    const told = attempts.map(
      ({ candidate, attempt, failure }) => `${candidate} #${attempt}: ${failure.kind}, ${failure.message}`,
    );
    super(`No candidate answered: ${told.join('; ')}`, options);
  }

  /** Whole seconds that the candidates ask to wait, the least of them; `undefined` if none asks. */
  get retryAfterSeconds(): number | undefined {
    const asked = this.attempts.flatMap(({ failure }) => failure.retryAfterMs ?? []);
    return asked.length === 0 ? undefined : Math.max(1, Math.ceil(Math.min(...asked) / 1000));
  }
}
