import { clockText } from '../load/clock.js';
import type { SimulationResult, WorkloadSample } from './result.js';

const COLUMNS: readonly (keyof WorkloadSample)[] = [
  ...(['atSeconds', 'arrivalsPerSecond', 'servedPerSecond', 'rejectedPerSecond', 'queued', 'waitSeconds'] as const),
  ...(['utilisation', 'p50', 'p95', 'p99', 'wanted', 'actual', 'ready', 'reason'] as const),
];

/** The series, a row for each workload and span. */
export function csv({ series, startSeconds }: SimulationResult): string {
  const rows = Object.entries(series).flatMap(([name, samples]) =>
    samples.map((sample) => [
      name,
      clockText(startSeconds + sample.atSeconds),
      ...COLUMNS.map((key) => cell(sample[key])),
    ]),
  );
  return [['workload', 'time', ...COLUMNS], ...rows].map((row) => `${row.join(',')}\n`).join('');
}

/** Six figures are more than the assumptions are worth. */
function cell(value: string | number): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : value;
}
