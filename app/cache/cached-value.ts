/** What a level keeps. Times in milliseconds since the epoch. */
export interface CachedValue {
  readonly value: unknown;
  /** May be given as it is until then, */
  readonly freshUntil: number;
  /** and from then on, while it is computed again, until then. */
  readonly expiresAt: number;
  /** Tags with the stamps that make the value valid. */
  readonly stamps: Readonly<Record<string, string>>;
  /** Length of its text, as a measure of what it takes. */
  readonly bytes: number;
}

/** Reads what another process may have written; anything else under the key is no entry. */
export function readCachedValue(text: string): CachedValue | undefined {
  try {
    const entry: unknown = JSON.parse(text);
    if (typeof entry !== 'object' || entry === null || !('value' in entry) || !('stamps' in entry)) return undefined;
    const { value, stamps } = entry;
    if (typeof stamps !== 'object' || stamps === null) return undefined;
    return {
      value,
      freshUntil: timeIn(entry, 'freshUntil'),
      expiresAt: timeIn(entry, 'expiresAt'),
      stamps: stamps as CachedValue['stamps'],
      bytes: text.length,
    };
  } catch {
    return undefined; // Another program's: as good as nothing there.
  }
}

/** What is not said lasts: JSON knows no infinity. */
function timeIn(entry: object, name: 'freshUntil' | 'expiresAt'): number {
  const at = (entry as Readonly<Record<string, unknown>>)[name] ?? Number.POSITIVE_INFINITY;
  if (typeof at !== 'number') throw new TypeError(`${name} is no time`);
  return at;
}

/** @param json the value's own JSON, so that it is not written twice */
export function writeCachedValue(
  json: string,
  { freshUntil, expiresAt, stamps }: Omit<CachedValue, 'value' | 'bytes'>,
): string {
  const times = { ...finite('freshUntil', freshUntil), ...finite('expiresAt', expiresAt) };
  return `{"value":${json},${JSON.stringify({ ...times, stamps }).slice(1)}`;
}

function finite(name: string, at: number): Readonly<Record<string, number>> {
  return Number.isFinite(at) ? { [name]: at } : {};
}

/**
 * The JSON of a value that is to be cached.
 * @throws {TypeError} if it is not JSON, such as `undefined`
 */
export function jsonOf(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text !== undefined) return text;
  throw new TypeError(`A cached value must be JSON, got ${typeof value}; answer null to cache that there is nothing.`);
}
