import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { load } from 'js-yaml';
import { yamlOf } from '../../constructs/index.js';
import { SCRAPE_INTERVAL_SECONDS } from '../../contract/index.js';
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

/** Scrapes in an hour, which few tests go beyond. */
export const UNTIL_THE_END = 3600 / SCRAPE_INTERVAL_SECONDS;

export function constant(value: number): string {
  return `${value}x${UNTIL_THE_END}`;
}

export interface Sample {
  readonly labels: string;
  readonly value: number;
}

/** What is asked of Prometheus, and when. */
export interface Question {
  /** Path of the file of rules. */
  readonly rules: string;
  readonly series: Series;
  readonly expr: string;
  /** @default '10m' */
  readonly evalTime?: string;
  /** @default the contract's interval of scrapes */
  readonly intervalSeconds?: number;
}

/** @returns what promtool has against the samples; nothing when they are what the expression gives */
export function promtool(question: Question, samples: readonly Sample[]): string {
  const { rules, series, expr, evalTime = '10m', intervalSeconds = SCRAPE_INTERVAL_SECONDS } = question;
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

/** Writes something down where promtool finds it. */
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
