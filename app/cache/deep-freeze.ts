/** Makes a value that came out of `JSON.parse` unchangeable, so that all who get it may share it. @returns the same value */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  // Elements by themselves: by the names that `for in` gives them it takes twice the time.
  if (Array.isArray(value)) for (const element of value) deepFreeze(element);
  else for (const name in value) deepFreeze(value[name]);
  return Object.freeze(value);
}
