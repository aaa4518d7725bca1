import type * as z from 'zod';

/** One bad key: which, what it was, and what is allowed. */
export interface StackConfigProblem {
  /** Without the project's name before it: `secrets.redis.password`. */
  readonly key: string;
  /** As it is shown: never a secret. */
  readonly value: string;
  readonly allowed: string;
}

/** A configuration that nothing can be deployed from. It tells every bad key at once. */
export class StackConfigError extends Error {
  override readonly name = 'StackConfigError';
  constructor(
    readonly stackName: string,
    readonly problems: readonly StackConfigProblem[],
  ) {
    super(
      `Configuration of stack "${stackName}": ${problems.length} bad key${problems.length === 1 ? '' : 's'}\n` +
        problems.map(({ key, value, allowed }) => `  armature:${key}: ${value} ${allowed}`).join('\n'),
    );
  }
}

/** What a schema has against the values. @param secretKeys whose values are shown to nobody, whatever is wrong with their names */
export function schemaProblems(
  issues: readonly z.core.$ZodIssue[],
  values: Readonly<Record<string, unknown>>,
  secretKeys: ReadonlySet<string>,
): readonly StackConfigProblem[] {
  const shown = (path: readonly PropertyKey[]) =>
    path.some((key) => secretKeys.has(String(key))) ? '(secret)' : show(valueAt(values, path));
  return issues.flatMap((issue): StackConfigProblem[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const path = [...issue.path, key];
        return { key: path.join('.'), value: shown(path), allowed: 'is no known key' };
      });
    }
    return [
      {
        key: issue.path.join('.'),
        value: shown(issue.path),
        allowed: issue.message.charAt(0).toLowerCase() + issue.message.slice(1),
      },
    ];
  });
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    values,
  );
}

function show(value: unknown): string {
  return value === undefined ? '(missing)' : JSON.stringify(value);
}
