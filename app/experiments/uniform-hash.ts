import { hash } from 'node:crypto';

/** Uniform over (0, 1) with 52 bits of SHA-256: as fine as a double allows. Lists as JSON, so that no two inputs run together. */
export function uniformHash(...parts: readonly string[]): number {
  const bits = hash('sha256', JSON.stringify(parts), 'buffer').readBigUInt64BE() >> 12n;
  return (Number(bits) + 0.5) / 2 ** 52;
}
