/** Something in a prompt that tells what it asks for. */
export interface Signal {
  readonly reason: string;
  readonly points: number;
  readonly pattern: RegExp;
}

/** The signals that a prompt shows; each counts once. */
export function signalsIn(prompt: string, signals: readonly Signal[]): readonly Signal[] {
  return signals.filter(({ pattern }) => pattern.test(prompt));
}

export function pointsOf(signals: readonly Signal[]): number {
  return signals.reduce((sum, { points }) => sum + points, 0);
}
