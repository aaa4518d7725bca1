import type { Sameness } from './guard.js';
import type { LabelledPair } from './labelled-pairs.js';

const EMBEDDED_AT_ONCE = 100;

/** A labelled pair as the cache sees it. */
export interface MeasuredPair {
  readonly same: boolean;
  readonly cosine: number;
  readonly sameness: Sameness;
}

/** Sees pairs as the cache does: by the cosine of their vectors, and by what a guard says of them. */
export async function measurePairs(
  pairs: readonly LabelledPair[],
  embed: (texts: readonly string[]) => Promise<readonly (readonly number[])[]>,
  guard: (asked: string, answered: string, cosine: number) => Sameness,
): Promise<readonly MeasuredPair[]> {
  const texts = [...new Set(pairs.flatMap(({ one, other }) => [one, other]))];
  const vectors = new Map<string, readonly number[]>();
  for (let start = 0; start < texts.length; start += EMBEDDED_AT_ONCE) {
    const batch = texts.slice(start, start + EMBEDDED_AT_ONCE);
    for (const [i, vector] of (await embed(batch)).entries()) vectors.set(batch[i] ?? '', vector);
  }
  return pairs.map(({ same, one, other }) => {
    const cosine = cosineOf(vectors.get(one) ?? [], vectors.get(other) ?? []);
    return { same, cosine, sameness: guard(one, other, cosine) };
  });
}

function cosineOf(one: readonly number[], other: readonly number[]): number {
  const dot = one.reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);
  return dot / (Math.hypot(...one) * Math.hypot(...other));
}
