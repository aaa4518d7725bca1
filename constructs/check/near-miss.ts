const MOST_EDITS = 2;

/**
 * The name that another was probably meant to be; undefined where it is one of them, or like none. New versions of Kubernetes bring new
 * names, so that one which is like none is left alone.
 */
export function nearMiss(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name) || name.length <= 2 * MOST_EDITS) return undefined;
  return known.find((one) => one.toLowerCase() === name.toLowerCase() || edits(name, one) <= MOST_EDITS);
}

/** Letters to add, leave out or change until one word is the other (Levenshtein). */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
