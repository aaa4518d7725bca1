import type { StructuredToolInterface } from '@langchain/core/tools';

/** A request allows a tool that does not exist. */
export class UnknownToolError extends Error {
  override readonly name = 'UnknownToolError';
  constructor(
    readonly unknown: readonly string[],
    readonly known: readonly string[],
  ) {
    super(`There is no tool ${unknown.map((name) => `"${name}"`).join(', ')}; there are ${known.join(', ')}.`);
  }
}

/**
 * The tools that one request may use.
 * @param allowed names; `undefined` allows all, an empty list none
 * @throws {UnknownToolError}
 */
export function allowedTools(
  tools: readonly StructuredToolInterface[],
  allowed: readonly string[] | undefined,
): readonly StructuredToolInterface[] {
  if (allowed === undefined) return tools;
  const known = tools.map(({ name }) => name);
  const unknown = allowed.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new UnknownToolError(unknown, known);
  return tools.filter(({ name }) => allowed.includes(name));
}
