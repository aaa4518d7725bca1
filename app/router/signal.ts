/** Something in a prompt that tells what it asks for. */
export interface Signal {
  readonly reason: string;
  readonly points: number;
  readonly pattern: Pick<RegExp, 'test'>;
}

/** Matches texts in which a pattern is found so often. One expression with gaps between would try every way to choose them. */
export function atLeast(times: number, pattern: RegExp): Signal['pattern'] {
  return { test: (text) => (text.match(pattern)?.length ?? 0) >= times };
}

/** Matches what any of the patterns does. */
export function anyOf(...patterns: readonly RegExp[]): Signal['pattern'] {
  return { test: (text) => patterns.some((pattern) => pattern.test(text)) };
}

/** The signals that a prompt shows; each counts once. */
export function signalsIn(prompt: string, signals: readonly Signal[]): readonly Signal[] {
  return signals.filter(({ pattern }) => pattern.test(prompt));
}

export function pointsOf(signals: readonly Signal[]): number {
  return signals.reduce((sum, { points }) => sum + points, 0);
}
