import { errors, type ServiceError } from './errors.js';

/** How JSON may write what is refused below. Most texts have none of it, and need no closer look. */
const SUSPECT = /\\u(?:0000|d[89a-f])/i;

/**
 * Refuses JSON that says what no store can keep: U+0000, which PostgreSQL has no place for, and halves of surrogate pairs, which
 * are not Unicode. Everything else in it is as it was sent.
 * @param text as it was sent
 * @param value that it was parsed into
 * @throws 400
 */
export function refuseUnstorable(text: string, value: unknown): void {
  if (!SUSPECT.test(text)) return;
  // Not by calls within calls: a text may have more levels than a stack.
  for (const left = [value]; left.length > 0; ) {
    const part = left.pop();
    if (typeof part === 'string' && !isStorable(part)) throw errors.unstorable();
    if (typeof part === 'object' && part !== null)
      for (const [key, within] of Object.entries(part)) left.push(key, within);
  }
}

/** @returns why an address that says U+0000 is refused; `undefined` for any other */
export function unstorableAddress(url: string): ServiceError | undefined {
  return url.includes('%00') ? errors.unstorable() : undefined;
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}
