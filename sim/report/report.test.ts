import { expect, test } from '@jest/globals';
import { Production } from '../../stacks/index.js';
import { simulateFluid } from '../fluid/simulate-fluid.js';
import { constantLoad, spikeLoad } from '../load/shapes.js';
import { readSystem } from '../model/read-system.js';
import { csv } from './csv.js';
import { duration, money } from './figures.js';
import { htmlReport } from './html-report.js';
import { SaturationWatch } from './saturation-watch.js';
import { sparkline } from './sparkline.js';
import { summary } from './summary.js';

const result = simulateFluid(readSystem(Production), { ...spikeLoad(10, 400), startSeconds: 9 * 3600 });

test('the summary says what gave way, since when, what it costs and which prices nobody has compared', () => {
  const text = summary(result);
  expect(text).toMatch(/^production under spike from 10 to 400 requests\/s, 09:00 to 10:00$/m);
  expect(text).toMatch(/^worker pods +[▁▂▃▄▅▆▇█]+ {2}\d+ to 50$/m);
  expect(text).toMatch(/^SATURATED: worker since 09:2\d(:\d\d)?.*the most it may have/m);
  expect(text).toMatch(/^Cost: \$[\d,]+ for this run, \$[\d,]+ a month of the same/m);
  expect(text).toMatch(/unverified: m6i\.xlarge/);
});

test('the page stands by itself, light and dark, and its charts are drawn', () => {
  const page = htmlReport(result);
  expect(page).not.toMatch(/(src|href)=|@import|url\(|https?:/);
  expect(page).toContain('prefers-color-scheme: dark');
  expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(8);
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
  expect(page).toMatch(/worker (is saturated since|was saturated from) 09:2/);
  expect(page).toMatch(/<td class="words">worker<\/td><td>\d+ → \d+<\/td><td class="words">\w+<\/td>/);
});

test('the CSV has a row for each workload and span', () => {
  const [head, ...rows] = csv(result).trim().split('\n');
  expect(head).toBe(
    'workload,time,atSeconds,arrivalsPerSecond,servedPerSecond,rejectedPerSecond,queued,waitSeconds,utilisation,p50,p95,p99,wanted,actual,ready,reason',
  );
  expect(rows).toHaveLength(result.workloads.length * (3600 / result.everySeconds));
});

test('a page of totals, or of a constant load, has charts that do not divide by nothing', () => {
  const flat = simulateFluid(readSystem(Production), constantLoad(0, 600));
  expect(htmlReport(flat)).not.toMatch(/NaN|undefined/);
  const totals = simulateFluid(readSystem(Production), constantLoad(1, 600), { totalsOnly: true });
  expect(htmlReport(totals)).toContain('Only totals were asked for.');
});

test('figures are as people read them', () => {
  expect([0, 0.0031, 0.2, 1.819, 300, 9000, 90_000].map(duration)).toEqual([
    ...['0', '3.1 ms', '200 ms', '1.82 s', '5 min', '2.5 h', 'over a day'],
  ]);
  expect([0.5, 366_383].map(money)).toEqual(['$0.50', '$366,383']);
  expect(sparkline([0, 1, 8, 4, 0], 5)).toBe('▁▁█▄▁');
});

test('a line of a few minutes is no saturation, and two of them with a moment between are one', () => {
  const watch = new SaturationWatch();
  const note = (from: number, to: number) => {
    watch.note('worker', true, from, () => `at ${from}`);
    watch.note('worker', false, to, () => '');
  };
  note(0, 200);
  note(1000, 1400);
  note(1460, 2000);
  expect(watch.found(3000)).toEqual([{ what: 'worker', sinceSeconds: 1000, untilSeconds: 2000, why: 'at 1460' }]);
});
