import { isMapping } from './field.js';

/** A value of a document, and where it stands: `spec.http.0.timeout`. */
export interface Place {
  readonly path: string;
  readonly value: unknown;
}

/** Every value at a dotted path, in which `*` stands for each entry of a list or mapping. */
export function placesAt(root: unknown, path: string): readonly Place[] {
  return path
    .split('.')
    .reduce<readonly Place[]>(
      (places, key) => places.flatMap((place) => (key === '*' ? entriesOf(place) : entryOf(place, key))),
      [{ path: '', value: root }],
    );
}

function entriesOf({ path, value }: Place): readonly Place[] {
  if (!Array.isArray(value) && !isMapping(value)) return [];
  return Object.entries(value).map(([key, entry]) => ({ path: joined(path, key), value: entry }));
}

function entryOf({ path, value }: Place, key: string): readonly Place[] {
  const entry = isMapping(value) ? value[key] : undefined;
  return entry === undefined ? [] : [{ path: joined(path, key), value: entry }];
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
