/** What a level keeps: the value, and until when in milliseconds since the epoch; `null` until it is deleted. */
export interface CachedValue {
  readonly value: unknown;
  readonly expiresAt: number | null;
}

/** Reads what another process may have written; anything else under the key is no entry. */
export function isCachedValue(entry: unknown): entry is CachedValue {
  if (typeof entry !== 'object' || entry === null || !('value' in entry) || !('expiresAt' in entry)) return false;
  return entry.expiresAt === null || typeof entry.expiresAt === 'number';
}

export function isFresh({ expiresAt }: CachedValue, now: number): boolean {
  return expiresAt === null || expiresAt > now;
}

/**
 * The value as JSON will give it back, so that a hit and a miss look the same.
 * @throws {TypeError} if it is not JSON, such as `undefined`
 */
export function asJson(value: unknown): unknown {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) {
    throw new TypeError(
      `A cached value must be JSON, got ${typeof value}; answer null to cache that there is nothing.`,
    );
  }
  return JSON.parse(text);
}
