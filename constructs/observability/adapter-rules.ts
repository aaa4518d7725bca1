import { POD_LABELS, type ScalingMetric, servedName } from '../../contract/vocabulary/index.js';
import { type RecordedMetric, recordedSeries } from './recording-rule.js';

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

/**
 * Serves each recorded series under its metric's own name: what pods and other objects have in the custom metrics API, what all share in
 * the external one.
 */
export function adapterConfig(recorded: readonly RecordedMetric[]): AdapterConfig {
  return {
    rules: adapterRules(recorded.filter(({ metric }) => metric.scope !== 'cluster')),
    externalRules: adapterRules(recorded.filter(({ metric }) => metric.scope === 'cluster')),
  };
}

/** Endpoints may share a metric, and so a rule. */
function adapterRules(recorded: readonly RecordedMetric[]): readonly AdapterRule[] {
  const rules = recorded.flatMap(({ metric, substitutes = [] }) =>
    (['hold', ...substitutes.map(({ answer }) => answer)] as const).map((answer) =>
      adapterRule(recordedSeries(metric, answer), servedName(metric, answer), resourceLabels(metric)),
    ),
  );
  return [...new Map(rules.map((rule) => [rule.seriesQuery, rule])).values()];
}

/** Labels of a series that name the objects which its value belongs to. */
function resourceLabels(metric: ScalingMetric): readonly string[] {
  if (metric.scope === 'pod') return POD_LABELS;
  return metric.scope === 'object' && metric.object.kind === 'Service' ? ['namespace', 'service'] : ['namespace'];
}

function adapterRule(series: string, as: string, labels: readonly string[]): AdapterRule {
  return {
    seriesQuery: `{__name__="${series}",${labels.map((label) => `${label}!=""`).join(',')}}`,
    resources: { overrides: Object.fromEntries(labels.map((label) => [label, { resource: label }])) },
    name: { matches: `^${series}$`, as },
    metricsQuery: 'max by (<<.GroupBy>>) (<<.Series>>{<<.LabelMatchers>>})',
  };
}
