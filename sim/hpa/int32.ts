const LEAST = -(2 ** 31);

/** Go's `int32(x)` of a float64, as amd64 has it: what does not fit is the least there is. */
export function int32OfFloat(value: number): number {
  return value > LEAST - 1 && value < -LEAST ? Math.trunc(value) : LEAST;
}

/** A whole number that an int32 holds, or what its overflow leaves. */
export function int32(whole: number): number {
  return whole | 0;
}
