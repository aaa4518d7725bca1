/**
 * A vector of length 1 in the same direction, so that a cosine is one dot product. All zeros stay all zeros.
 * @throws {RangeError} if a value is not finite
 */
export function unitVector(vector: ArrayLike<number>): Float32Array {
  const unit = new Float32Array(vector);
  const length = Math.sqrt(dot(unit, unit));
  if (!Number.isFinite(length)) {
    throw new RangeError(
      'A vector holds a value that is not a finite number: the embedding model gave no usable answer.',
    );
  }
  return length === 0 ? unit : unit.map((value) => value / length);
}

/** Cosine of two unit vectors of equal dimensions, -1 to 1. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return Math.max(-1, Math.min(1, dot(a, b))); // rounding may leave the range by a hair
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
