import { POD_LABELS, type ScalingMetric } from '../../contract/vocabulary/index.js';
import { recordedSeries } from './recording-rule.js';

/** A discovery rule of prometheus-adapter. */
export interface AdapterRule {
  readonly seriesQuery: string;
  readonly resources: { readonly overrides: Readonly<Record<string, { readonly resource: string }>> };
  readonly name: { readonly matches: string; readonly as: string };
  readonly metricsQuery: string;
}

export interface AdapterConfig {
  readonly rules: readonly AdapterRule[];
  readonly externalRules: readonly AdapterRule[];
}

/** Serves each recorded series under its metric's own name: per pod in the custom metrics API, for all in the external one. */
export function adapterConfig(metrics: readonly ScalingMetric[]): AdapterConfig {
  const distinct = [...new Map(metrics.map((metric) => [metric.name, metric])).values()];
  return {
    rules: distinct.filter(({ scope }) => scope === 'pod').map((metric) => adapterRule(metric, POD_LABELS)),
    externalRules: distinct
      .filter(({ scope }) => scope === 'cluster')
      .map((metric) => adapterRule(metric, ['namespace'])),
  };
}

function adapterRule(metric: ScalingMetric, labels: readonly string[]): AdapterRule {
  const series = recordedSeries(metric);
  return {
    seriesQuery: `{__name__="${series}",${labels.map((label) => `${label}!=""`).join(',')}}`,
    resources: { overrides: Object.fromEntries(labels.map((label) => [label, { resource: label }])) },
    name: { matches: `^${series}$`, as: metric.name },
    metricsQuery: 'max by (<<.GroupBy>>) (<<.Series>>{<<.LabelMatchers>>})',
  };
}
