import { count, duration, table } from '../report/figures.js';
import type { Fit } from './fit-assumptions.js';

/** What was measured, for a terminal. */
export function fitText({ works, models }: Fit): string {
  const ms = (value: number | undefined) => (value === undefined ? 'as assumed' : `${value} ms`);
  const calls = models.map(({ model, calls, meanSeconds, cv }) => [
    ...[model, count(calls), duration(meanSeconds), cv.toFixed(2)],
  ]);
  const ofWorks = table([
    ['work', 'requests', 'mean time', 'under way', 'processor', 'waits for stores'],
    ...works.map(({ work, requests, meanSeconds, concurrency, cpuMs, ioMs }) => [
      ...[work, count(requests), duration(meanSeconds), concurrency.toFixed(2), ms(cpuMs), ms(ioMs)],
    ]),
  ]);
  const ofModels = calls.length > 0 ? `\n${table([['model', 'calls', 'mean time', 'spread'], ...calls])}\n` : '';
  return `${ofWorks}\n${ofModels}`;
}
