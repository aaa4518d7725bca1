import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { load } from 'js-yaml';
import { yamlOf } from '../../constructs/index.js';
import { at } from '../support/cluster.js';
import type { RenderedEnvironment } from './environments.js';
import { judge } from './tools.js';

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Rules {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

/** Series by name with its labels, in promtool's notation of values, one for each scrape. */
export type Series = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: string;
  readonly value: number;
}

/** What is asked of Prometheus, and when. */
export interface Question {
  readonly rules: string;
  readonly series: Series;
  readonly intervalSeconds: number;
  readonly expr: string;
  readonly evalTime: string;
}

/** @returns what promtool has against the samples; nothing when they are what the expression gives */
export function promtool(
  { rules, series, intervalSeconds, expr, evalTime }: Question,
  samples: readonly Sample[],
): string {
  const interval = `${intervalSeconds}s`;
  const input = Object.entries(series).map(([name, values]) => ({ series: name, values }));
  const { groups } = load(readFileSync(rules, 'utf8')) as Rules;
  const unit = {
    rule_files: [rules],
    // By chance otherwise: an alert that is evaluated before its series would find the one of a step before, or none.
    group_eval_order: groups.map(({ name }) => name),
    evaluation_interval: interval,
    tests: [{ interval, input_series: input, promql_expr_test: [{ expr, eval_time: evalTime, exp_samples: samples }] }],
  };
  const { status, stdout, stderr } = judge('promtool', ['test', 'rules', fileOf('test.yaml', unit)]);
  return status === 0 ? '' : `${stdout}${stderr}`;
}

export function fileOf(name: string, content: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), 'armature-rules-')), name);
  writeFileSync(path, yamlOf(content));
  return path;
}

/** The rules of an environment's Prometheus. */
export function rulesOf({ objects }: RenderedEnvironment): Rules {
  const text = objects.flatMap((one) => (at(one, 'data') as Record<string, string> | undefined)?.['rules.yaml'] ?? []);
  expect(text).toHaveLength(1);
  return load(text[0] ?? '') as Rules;
}
