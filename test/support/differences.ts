import type { Manifest } from './cluster.js';

/** `Kind/name path` of every value that two environments have differently, sorted. */
export function differences(before: readonly Manifest[], after: readonly Manifest[]): string[] {
  const byId = (manifests: readonly Manifest[]) =>
    new Map(manifests.map((one) => [`${one.kind}/${one.metadata.name}`, one]));
  const [old, now] = [byId(before), byId(after)];
  const ids = new Set([...old.keys(), ...now.keys()]);
  return [...ids].flatMap((id) => paths(old.get(id), now.get(id)).map((path) => `${id} ${path}`)).sort();
}

/** Where two values differ; at the innermost place. */
function paths(a: unknown, b: unknown, path: readonly string[] = []): string[] {
  if (Object.is(a, b)) return [];
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return [path.join('.')];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => paths(Reflect.get(a, key), Reflect.get(b, key), [...path, key]));
}
