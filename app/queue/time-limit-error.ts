/** A task ran into one of its time limits. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';

  /** @param limit `soft`: it was told to stop. `hard`: it was given up while it may still be running */
  constructor(
    readonly limit: 'soft' | 'hard',
    readonly limitSeconds: number,
  ) {
    super(
      limit === 'soft'
        ? `The task was told to stop after ${limitSeconds} s, its soft limit.`
        : `The task was given up after ${limitSeconds} s, its hard limit.`,
    );
  }
}
