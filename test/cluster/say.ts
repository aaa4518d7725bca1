/** Tells whoever runs the test of a figure. */
export const say = (what: string) => process.stderr.write(`    ${what}\n`);

/** Seconds since it was made. */
export function stopwatch(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}

export const inSeconds = (seconds: number) => `${seconds.toFixed(0)} s`;
