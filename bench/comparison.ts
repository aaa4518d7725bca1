/** Runs every subject in turn, round after round, so that what else the machine does falls on all alike. */
export async function alternate<S extends string, T>(
  rounds: number,
  subjects: Readonly<Record<S, () => T | Promise<T>>>,
): Promise<Record<S, T[]>> {
  const names = Object.keys(subjects) as S[];
  const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<S, T[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) results[name].push(await subjects[name]());
  }
  return results;
}

/** @throws if there are no values */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('The median of no values does not exist.');
  return middle;
}

/** Prints a figure against its bound, and makes the process fail when it is over. */
export function judge(what: string, value: number, bound: number, unit: string): void {
  const within = value <= bound;
  console.log(`${within ? 'ok  ' : 'OVER'}  ${what}: ${value.toFixed(2)} ${unit} (at most ${bound} ${unit})`);
  if (!within) process.exitCode = 1;
}
