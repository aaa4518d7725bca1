import { isMapping } from '../constructs/check/field.js';

/** How Pulumi marks a secret on the wire: a mapping with this key, and the value beside it. */
const SECRET_MARK = '4dabf18193072939515e22adb298388d';

export function isMarked(value: unknown): boolean {
  return isMapping(value) && SECRET_MARK in value;
}

/** The value with something in the place of each secret in it. */
export function unmarked(value: unknown, open: (secret: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((part) => unmarked(part, open));
  if (!isMapping(value)) return value;
  if (SECRET_MARK in value) return open(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unmarked(part, open)]));
}
