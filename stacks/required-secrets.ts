import { type SecretRef, secretRef } from '../constructs/index.js';

/** Every reference to a Secret inside a value, each once, sorted by name and key. */
export function secretsIn(value: unknown): readonly SecretRef[] {
  const found = new Map<string, SecretRef>();
  collect(value, found);
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
}

function collect(value: unknown, found: Map<string, SecretRef>): void {
  if (typeof value !== 'object' || value === null) return;
  // Asked first: most of what is looked at is no reference, and to be told so by the schema takes longer.
  const ref = 'secret' in value ? secretRef.safeParse(value) : undefined;
  if (ref?.success) found.set(`${ref.data.secret}/${ref.data.key}`, ref.data);
  else for (const part of Object.values(value)) collect(part, found);
}
