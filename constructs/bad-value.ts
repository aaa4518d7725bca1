import type * as z from 'zod';

/** One bad value: where, what it was, and what is allowed. */
export interface BadValue {
  readonly path: string;
  readonly value: unknown;
  readonly allowed: string;
}

/** What a schema has against a value, each bad part by itself. */
export function badValues({ issues }: z.core.$ZodError, input: unknown): readonly BadValue[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: [...issue.path, key].join('.'),
        value: valueAt(input, [...issue.path, key]),
        allowed: 'is no known key here',
      }));
    }
    if (issue.code === 'invalid_key') {
      const [parents, key] = [issue.path.slice(0, -1), issue.path.at(-1)];
      return issue.issues.map(({ message }) => ({ path: parents.join('.'), value: key, allowed: lowerFirst(message) }));
    }
    return [{ path: issue.path.join('.'), value: valueAt(input, issue.path), allowed: lowerFirst(issue.message) }];
  });
}

/** `image.tag: "latest" must be a version tag`. */
export function badValueText({ path, value, allowed }: BadValue): string {
  return `${path}: ${show(value)} ${allowed}`;
}

/** Of a value that is shown; the whole of a large one hides what is said of it. */
const MOST_LETTERS = 100;

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

function show(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = value === undefined ? '(missing)' : (jsonOf(value) ?? String(value));
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
}

/** Undefined of what JSON cannot say, such as a construct, which knows its parent and is known by it. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
