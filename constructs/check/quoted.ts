/** A value as messages show it: texts in quotes, so that `"8080"` is not taken for a number. */
export function quoted(value: unknown): string {
  return value === undefined ? '(missing)' : JSON.stringify(value);
}
