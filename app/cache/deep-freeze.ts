/** Makes a value that came out of `JSON.parse` unchangeable, so that all who get it may share it. @returns the same value */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const name in value) {
    const item: unknown = value[name];
    if (typeof item === 'object') deepFreeze(item);
  }
  return Object.freeze(value);
}
