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

/**
 * On a shared machine a process is held up for hundreds of milliseconds now and then, and is charged for them. Such noise adds to all
 * subjects by the time that they run, so the ratio of the means keeps the true ratio; that of the medians of few rounds does not.
 *
 * @throws if there are no values
 */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new Error('The mean of no values does not exist.');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** For many short rounds, of which others hold up few. @throws if there are no values */
export function median(values: readonly number[]): number {
  const middle = [...values].sort((a, b) => a - b)[values.length >> 1];
  if (middle === undefined) throw new Error('The median of no values does not exist.');
  return middle;
}

/** Prints a figure against its bound, and makes the process fail when it is over. */
export function judge(what: string, value: number, bound: number, unit: string): void {
  const within = value <= bound;
  console.log(
    `${within ? 'ok  ' : 'OVER'}  ${what}: ${shown(value)} ${unit} (at most ${Number(shown(bound))} ${unit})`,
  );
  if (!within) process.exitCode = 1;
}

/** Prints, below a figure that is judged, what it could be at best: what a part of the subject takes by itself. */
export function floor(what: string, value: number, unit: string): void {
  console.log(`        floor: ${what} ${shown(value)} ${unit}`);
}

function shown(value: number): string {
  return Math.abs(value) < 0.1 ? value.toPrecision(2) : value.toFixed(2);
}
