import { clockText } from '../load/clock.js';
import { count, duration, money, percent, table } from './figures.js';
import type { SimulationResult, WorkloadTotals } from './result.js';
import { sparkline } from './sparkline.js';

const SPARK_WIDTH = 40;

/** What a run came to, for a terminal. */
export function summary(result: SimulationResult): string {
  const { environment, load, startSeconds, durationSeconds, totals } = result;
  const from = clockText(startSeconds);
  const head = `${environment} under ${load}, ${from} to ${clockText(startSeconds + durationSeconds)}`;
  return [
    head,
    ...chartLines(result),
    '',
    workloadTable(result.workloads),
    '',
    ...saturationLines(result),
    ...requestLines(result),
    ...totals.slos.map(
      ({ name, ratio, objective, met, good }) =>
        `SLO ${name}: ${met ? 'met' : 'MISSED'}, ${percent(ratio, 3)} ${good} (objective ${percent(objective, 1)})`,
    ),
    '',
    ...costLinesText(result),
    ...result.notes.map((note) => `Note: ${note}`),
    '',
  ].join('\n');
}

function chartLines({ rps, nodes, series, environment: _ }: SimulationResult): string[] {
  if (rps.length === 0) return [];
  const rows: [string, readonly number[], string][] = [
    ['requests/s', rps, `up to ${count(Math.max(...rps))}`],
    ...Object.entries(series)
      .filter(([, samples]) => samples.some(({ wanted }) => wanted !== samples[0]?.wanted))
      .map(([name, samples]): [string, readonly number[], string] => {
        const replicas = samples.map(({ ready }) => ready);
        return [`${name} pods`, replicas, `${Math.min(...replicas)} to ${Math.max(...replicas)}`];
      }),
    ['nodes', nodes, `${Math.min(...nodes)} to ${Math.max(...nodes)}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    '',
    ...rows.map(([name, values, said]) => `${name.padEnd(width)}  ${sparkline(values, SPARK_WIDTH)}  ${said}`),
  ];
}

function workloadTable(workloads: readonly WorkloadTotals[]): string {
  return table([
    ['workload', 'floor..ceiling', 'mean', 'peak', 'changes', 'p50', 'p95', 'p99', 'longest line', 'given up'],
    ...workloads.map((one) => [
      one.name,
      one.floor === one.ceiling ? `${one.floor}, fixed` : `${one.floor}..${one.ceiling}`,
      one.meanReplicas.toFixed(1),
      String(one.peakReplicas),
      String(one.rescales),
      ...[one.p50, one.p95, one.p99].map(duration),
      count(one.longestQueue),
      count(one.rejected),
    ]),
  ]);
}

function saturationLines({ saturations, startSeconds, durationSeconds }: SimulationResult): string[] {
  return saturations.map(({ what, sinceSeconds, untilSeconds, why }) => {
    const since = clockText(startSeconds + sinceSeconds);
    const until = untilSeconds >= durationSeconds ? '' : ` until ${clockText(startSeconds + untilSeconds)}`;
    return `SATURATED: ${what} since ${since}${until}: ${why}`;
  });
}

function requestLines({ totals }: SimulationResult): string[] {
  const { requests, limited, failed, tasks, tasksRetried, tasksDead, answers } = totals;
  return [
    `Requests: ${count(requests)}, of which ${count(limited)} beyond their tier's limits and ${count(failed)} failed` +
      (tasks > 0 ? `; tasks: ${count(tasks)}, ${count(tasksRetried)} tried again, ${count(tasksDead)} dead` : ''),
    `Answers: p50 ${duration(answers.p50)}, p95 ${duration(answers.p95)}, p99 ${duration(answers.p99)}, from the request to the last word`,
  ];
}

function costLinesText({ totals, unverifiedPrices, pricesAsOf }: SimulationResult): string[] {
  const { cost, costUsd, monthlyUsd, savingAgainstPeak, savingAgainstCeiling, peakNodes, meanNodes } = totals;
  const used = cost.filter(({ usd }) => usd > 0);
  return [
    `Cost: ${money(costUsd)} for this run, ${money(monthlyUsd)} a month of the same; ${peakNodes} nodes at most, ${meanNodes.toFixed(1)} on the mean`,
    `  ${used.map(({ component, usd }) => `${component} ${money(usd)}`).join(', ')}`,
    `  pods' time saved against fixed replicas: ${percent(savingAgainstPeak)} at this run's peaks, ${percent(savingAgainstCeiling)} at the ceilings`,
    ...(unverifiedPrices.length > 0
      ? [`  prices as of ${pricesAsOf}; unverified: ${unverifiedPrices.map(({ item }) => item).join('; ')}`]
      : [`  prices as of ${pricesAsOf}`]),
  ];
}
