/** An export that nothing can be fitted from: which file, what is wrong, what is allowed. */
export class FitError extends Error {
  override readonly name = 'FitError';

  constructor(
    readonly source: string,
    readonly problem: string,
  ) {
    super(`${source}: ${problem}`);
  }
}
