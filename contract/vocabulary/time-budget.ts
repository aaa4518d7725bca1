/** One bound of a chain: what it bounds, how long it is, and where it is set. */
export interface TimeLink {
  readonly name: string;
  readonly seconds: number;
  /** What to change where it is too short: `raise drainSeconds`. */
  readonly raise: string;
  /** What to change where it is too long. */
  readonly lower: string;
}

/** Two bounds that stand next to each other and do not hold. */
export interface BrokenLink {
  readonly outer: TimeLink;
  readonly inner: TimeLink;
}

/**
 * The first pair of which the outer bound is not longer than the inner one, or `undefined`. An outer bound that ends first takes
 * the answer away from whoever works for it, and what stands inside goes on for nobody.
 * @param chain outermost first.
 */
export function brokenLink(chain: readonly TimeLink[]): BrokenLink | undefined {
  for (const [i, inner] of chain.entries()) {
    const outer = chain[i - 1];
    // Written so that NaN is refused.
    if (outer !== undefined && !(outer.seconds > inner.seconds)) return { outer, inner };
  }
  return undefined;
}

/** A chain of time limits that cannot hold. */
export class TimeBudgetError extends Error {
  override readonly name = 'TimeBudgetError';
  constructor(
    readonly path: string,
    readonly broken: BrokenLink,
  ) {
    const { outer, inner } = broken;
    super(
      `${path}: ${outer.name} (${outer.seconds} s) must be longer than ${inner.name} (${inner.seconds} s). ` +
        `Fix: ${outer.raise} above ${inner.seconds} s, or ${inner.lower} below ${outer.seconds} s.`,
    );
  }
}

/**
 * @param path whose chain it is: a construct's path, or the name of a topology.
 * @throws {TimeBudgetError} naming the first two links that do not hold, and the fix.
 */
export function holdChain(path: string, chain: readonly TimeLink[]): void {
  const broken = brokenLink(chain);
  if (broken) throw new TimeBudgetError(path, broken);
}
