import { hash } from 'node:crypto';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * One text for equal values, whatever the order of their keys (RFC 8785).
 * @throws {TypeError} on what JSON cannot say: `undefined`, NaN, infinities, dates, functions
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (isPlainObject(value)) {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] as Json)}`).join(',')}}`;
  }
  throw new TypeError(`A cache key is made of JSON; it cannot hold ${String(value)} (${typeof value}).`);
}

/** SHA-256 of a value's canonical JSON, 64 hex digits. */
export function sha256Of(value: Json): string {
  return hash('sha256', canonicalJson(value));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isPlainObject(value: Json): value is { readonly [key: string]: Json } {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
