import { errors, type ServiceError } from './errors.js';

/** How JSON may write what is refused below. Most texts have none of it, and need no closer look. */
const SUSPECT = /\\u(?:0000|d[89a-f])/i;

/** More than anybody's tools and schemas have. What has thousands can be read and not written again: that runs out of stack. */
const MOST_LEVELS = 200;

/**
 * Refuses JSON that says what no store can keep: U+0000, which PostgreSQL has no place for, and halves of surrogate pairs, which
 * are not Unicode; and what is nested too deeply to be passed on. Everything else in it is as it was sent.
 * @param text as it was sent
 * @param value that it was parsed into
 * @throws 400
 */
export function refuseUnstorable(text: string, value: unknown): void {
  const suspect = SUSPECT.test(text);
  // Each level takes two signs at least.
  if (!suspect && text.length <= 2 * MOST_LEVELS) return;
  let level = [value];
  for (let above = 0; level.length > 0; above += 1) {
    if (above > MOST_LEVELS) throw errors.malformed(`The JSON has more than ${MOST_LEVELS} levels: nest less deeply.`);
    if (suspect && !level.every(isStorable)) throw errors.unstorable();
    level = level.flatMap(partsOf);
  }
}

/** @returns why an address that says U+0000 is refused; `undefined` for any other */
export function unstorableAddress(url: string): ServiceError | undefined {
  return url.includes('%00') ? errors.unstorable() : undefined;
}

/** The names and values in an object or a list. */
function partsOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.entries(value).flat() : [];
}

function isStorable(value: unknown): boolean {
  return typeof value !== 'string' || (!value.includes('\0') && !/\p{Surrogate}/u.test(value));
}
