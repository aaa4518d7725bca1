const BARS = '▁▂▃▄▅▆▇█';

/** A line of bars, the highest value as the highest bar; of each stretch the most is shown. */
export function sparkline(values: readonly number[], width: number): string {
  const columns = Math.min(width, values.length);
  const most = values.reduce((max, value) => Math.max(max, value), 0);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / columns));
    const high = values.slice(from, to).reduce((max, value) => Math.max(max, value), 0);
    return most > 0 ? BARS[Math.min(BARS.length - 1, Math.floor((high / most) * (BARS.length - 0.001)))] : BARS[0];
  }).join('');
}
