import { randomFillSync } from 'node:crypto';

/** So many bytes at a time: asking for few costs as much. */
const pool = Buffer.alloc(4_096);
let used = pool.length;

/** @returns that many random bytes as hex */
export function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}
