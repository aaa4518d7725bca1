import { count, duration, table } from '../report/figures.js';
import type { Fit } from './fit-assumptions.js';

/** What was measured, for a terminal. */
export function fitText({ works }: Fit): string {
  const ms = (value: number | undefined) => (value === undefined ? 'as assumed' : `${value} ms`);
  return `${table([
    ['work', 'requests', 'mean time', 'under way', 'processor', 'waits for stores'],
    ...works.map(({ work, requests, meanSeconds, concurrency, cpuMs, ioMs }) => [
      ...[work, count(requests), duration(meanSeconds), concurrency.toFixed(2), ms(cpuMs), ms(ioMs)],
    ]),
  ])}\n`;
}
