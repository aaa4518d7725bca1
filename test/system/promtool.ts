import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { yamlOf } from '../../constructs/index.js';
import { SCRAPE_INTERVAL_SECONDS } from '../../contract/index.js';
import { judge } from './tools.js';

/** Series by name with its labels, in promtool's notation of values, one for each scrape. */
export type Series = Readonly<Record<string, string>>;

/** Scrapes in an hour, which no test goes beyond. */
export const UNTIL_THE_END = 3600 / SCRAPE_INTERVAL_SECONDS;

export function constant(value: number): string {
  return `${value}x${UNTIL_THE_END}`;
}

export interface Sample {
  readonly labels: string;
  readonly value: number;
}

/** @returns what promtool has against the samples; nothing when they are what the expression gives */
export function promtool(
  rules: string,
  series: Series,
  expr: string,
  samples: readonly Sample[],
  evalTime = '10m',
): string {
  const interval = `${SCRAPE_INTERVAL_SECONDS}s`;
  const input = Object.entries(series).map(([name, values]) => ({ series: name, values }));
  const unit = {
    rule_files: [rules],
    evaluation_interval: interval,
    tests: [{ interval, input_series: input, promql_expr_test: [{ expr, eval_time: evalTime, exp_samples: samples }] }],
  };
  const { status, stdout, stderr } = judge('promtool', ['test', 'rules', fileOf('test.yaml', unit)]);
  return status === 0 ? '' : `${stdout}${stderr}`;
}

/** Writes rules where promtool finds them. */
export function rulesFile(rules: unknown): string {
  return fileOf('rules.yaml', rules);
}

function fileOf(name: string, content: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), 'armature-rules-')), name);
  writeFileSync(path, yamlOf(content));
  return path;
}
