/** Fields of a document that nobody has checked yet: any of them may be absent or of the wrong type. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value at a dotted path, such as `spec.template.spec`; undefined where the path ends early. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((part, key) => (isMapping(part) ? part[key] : undefined), value);
}

/** The mapping at a path; empty where there is none. */
export function mapAt(value: unknown, path: string): Fields {
  const found = at(value, path);
  return isMapping(found) ? found : {};
}

/** The list at a path; empty where there is none. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

/** The text at a path; undefined where there is none, or an empty one. */
export function textAt(value: unknown, path: string): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export function numberAt(value: unknown, path: string): number | undefined {
  const found = at(value, path);
  return typeof found === 'number' ? found : undefined;
}

/** Texts of the list at a path. */
export function textsAt(value: unknown, path: string): readonly string[] {
  return listAt(value, path).filter((one) => typeof one === 'string');
}

/** What a table has of its own under a key: a manifest may call its kind `constructor`. */
export function entryOf<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

export function isMapping(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
