/** Any part of a config. A choice (an object with `kind`) and a list are given whole. */
export type Overrides<T> = T extends readonly unknown[] | { readonly kind: string }
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Overrides<T[K]> | undefined }
    : T;

/** Puts overrides over a config, key by key; choices and lists replace what was there. An override of `undefined` takes the key away. */
export function merge<T extends object>(base: T, overrides: Overrides<T>): T {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(overrides)) {
    const old = result[key];
    if (value === undefined) delete result[key];
    else result[key] = isMergeable(old) && isMergeable(value) ? merge(old, value) : value;
  }
  return result as T;
}

function isMergeable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('kind' in value);
}
