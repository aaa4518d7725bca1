/** A vector at length 1, so that a cosine is a dot product, with the length of what is left after each part of it. */
export interface PrunedVector {
  readonly unit: Float32Array;
  readonly left: readonly number[];
}

/** Parts in which two vectors are compared. */
const PARTS = 6;
/** A bound that is nearer than that decides nothing: sums of single precision are no more exact. */
const SLACK = 1e-5;

/** A vector of zeros stays one: it is near nothing. */
export function toPruned(vector: readonly number[]): PrunedVector {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  const unit = Float32Array.from(vector, (value) => (length === 0 ? 0 : value / length));
  const left = Array.from({ length: PARTS }, (_, part) =>
    Math.sqrt(unit.subarray(endOf(part, unit.length)).reduce((sum, value) => sum + value * value, 0)),
  );
  return { unit, left };
}

/**
 * The cosine of two vectors; something less than `atLeast` where it is less. What is left of two vectors adds at most the product of its
 * lengths (Cauchy and Schwarz), so that most are told to be too far after a part or two.
 */
export function cosineOrLess(one: PrunedVector, other: PrunedVector, atLeast: number): number {
  const { unit: a } = one;
  const { unit: b } = other;
  // Vectors of two lengths come from two models, and are not near each other.
  if (a.length !== b.length) return Math.min(0, atLeast - 1);
  let sum = 0;
  for (let part = 0, i = 0; part < PARTS; part += 1) {
    const end = endOf(part, a.length);
    for (; i < end; i += 1) sum += (a[i] as number) * (b[i] as number);
    if (sum + (one.left[part] as number) * (other.left[part] as number) < atLeast - SLACK)
      return Math.min(sum, atLeast - SLACK);
  }
  return sum;
}

function endOf(part: number, length: number): number {
  return Math.ceil((length * (part + 1)) / PARTS);
}
