/** A load that cannot be read: where, what stands there, and what is allowed. */
export class LoadError extends Error {
  override readonly name = 'LoadError';

  constructor(
    readonly source: string,
    readonly line: number | undefined,
    readonly problem: string,
  ) {
    super(`${source}${line === undefined ? '' : `:${line}`}: ${problem}`);
  }
}
