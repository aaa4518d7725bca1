/**
 * An alert's expression with every comparison answered by 0 or 1 rather than by leaving values out, and `absent` by what is looked for:
 * so it has a value whether the alert fires or not, unless it asks for what is not there.
 */
export function unfiltered(expr: string): string {
  const present = expr.replace(/^absent\((.*)\)$/s, '$1');
  return present.replace(/(?<![<>=!~])(==|!=|>=|<=|>|<)(?![=~])\s*(?!bool\b)(?=[\d.])/g, '$1 bool ');
}
