/**
 * p-values corrected for being several: the chance that any true null hypothesis falls below alpha is at most alpha, however they depend on each other.
 * Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6 (1979), 65-70.
 *
 * @returns in the order of `pValues`
 */
export function correctByHolm(pValues: readonly number[]): readonly number[] {
  const ascending = pValues.map((pValue, i) => ({ pValue, i })).sort((one, other) => one.pValue - other.pValue);
  const corrected = new Array<number>(pValues.length);
  let least = 0;
  for (const [rank, { pValue, i }] of ascending.entries()) {
    least = Math.max(least, Math.min(1, pValue * (pValues.length - rank)));
    corrected[i] = least;
  }
  return corrected;
}
