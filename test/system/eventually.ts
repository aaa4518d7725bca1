import { setTimeout as wait } from 'node:timers/promises';

/**
 * Waits, with a look four times a second, until nothing is missing any more.
 * @param missing what is not yet as it should be, in words
 * @throws after the time is over, with what is then missing
 */
export async function eventually(missing: () => Promise<readonly string[]>, limitMs = 300_000): Promise<void> {
  for (const end = Date.now() + limitMs; ; await wait(250)) {
    const left = await missing();
    if (left.length === 0) return;
    if (Date.now() > end) throw new Error([`After ${limitMs / 1000} s still:`, ...left].join('\n  '));
  }
}
