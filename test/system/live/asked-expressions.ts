import { load } from 'js-yaml';
import { at, type Manifest } from '../../support/cluster.js';
import { dashboardExpressions } from '../dashboard-expressions.js';

/** A PromQL expression that something in the cluster acts on or shows. */
export interface AskedExpression {
  readonly by: 'recording rule' | 'alert' | 'HPA' | 'ScaledObject' | 'dashboard';
  /** Of the rule, the autoscaler's metric or the panel, so that a failure names it. */
  readonly name: string;
  readonly expr: string;
  /** The Deployment whose every pod has a value of its own, where an autoscaler asks for one. @default one number for all */
  readonly perPodOf?: string;
}

/** Every expression in some objects, once. */
export function askedExpressions(objects: readonly Manifest[]): readonly AskedExpression[] {
  const asked = [
    ...rulesIn(objects).map(({ record, alert, expr }) => ({
      by: record === undefined ? ('alert' as const) : ('recording rule' as const),
      name: record ?? alert ?? '',
      expr,
    })),
    ...objects.flatMap((one) => (one.kind === 'HorizontalPodAutoscaler' ? askedByHpa(one, objects) : [])),
    ...objects.flatMap((one) => (one.kind === 'ScaledObject' ? askedByKeda(one) : [])),
    ...dashboardExpressions(objects).map(({ dashboard, panel, legend, expr }) => ({
      by: 'dashboard' as const,
      name: `${dashboard}: ${panel}, ${legend}`,
      expr,
    })),
  ];
  return [...new Map(asked.map((one) => [`${one.by} ${one.expr}`, one])).values()];
}

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
}

/** Of Prometheus's own files, and of the operator's objects. */
function rulesIn(objects: readonly Manifest[]): readonly Rule[] {
  const groups = objects.flatMap((one) => {
    const text = fileIn(one, 'rules.yaml');
    const found = one.kind === 'PrometheusRule' ? at(one, 'spec') : text !== undefined ? load(text) : {};
    return (at(found, 'groups') ?? []) as readonly { readonly rules: readonly Rule[] }[];
  });
  return groups.flatMap(({ rules }) => rules);
}

function fileIn({ kind, data }: Manifest, name: string): string | undefined {
  return kind === 'ConfigMap' ? (data as Record<string, string> | undefined)?.[name] : undefined;
}

interface AdapterRule {
  readonly seriesQuery: string;
  readonly name: { readonly as: string };
  readonly metricsQuery: string;
}

interface MetricSpec {
  readonly type: 'Resource' | 'Pods' | 'External' | 'Object';
  readonly [source: string]: unknown;
}

/** What prometheus-adapter asks on behalf of an autoscaler: its rule's query, filled in for the metric's object. */
function askedByHpa(hpa: Manifest, objects: readonly Manifest[]): readonly AskedExpression[] {
  const metrics = at(hpa, 'spec.metrics') as readonly MetricSpec[];
  return metrics
    .filter(({ type }) => type !== 'Resource')
    .map((spec) => {
      const target = String(at(hpa, 'spec.scaleTargetRef.name'));
      const perPod = spec.type === 'Pods';
      const served = String(at(spec, `${spec.type.toLowerCase()}.metric.name`));
      const rule = adapterRules(objects, spec.type === 'External').find(({ name }) => name.as === served);
      if (rule === undefined) throw new Error(`HPA ${hpa.metadata.name}: no rule of the adapter serves "${served}".`);
      const [, series = ''] = /__name__="([^"]+)"/.exec(rule.seriesQuery) ?? [];
      const pods = perPod ? `,pod=~"${target}-[0-9]+"` : '';
      const expr = rule.metricsQuery
        .replaceAll('<<.Series>>', series)
        .replaceAll('<<.LabelMatchers>>', `namespace="${hpa.metadata.namespace}"${pods}`)
        .replaceAll('<<.GroupBy>>', perPod ? 'namespace, pod' : 'namespace');
      return { by: 'HPA', name: `${hpa.metadata.name}: ${served}`, expr, ...(perPod && { perPodOf: target }) };
    });
}

function adapterRules(objects: readonly Manifest[], external: boolean): readonly AdapterRule[] {
  return objects.flatMap((one) => {
    const text = fileIn(one, 'config.yaml');
    if (text === undefined) return [];
    return (at(load(text), external ? 'externalRules' : 'rules') ?? []) as readonly AdapterRule[];
  });
}

/** KEDA asks its triggers' queries as they stand. */
function askedByKeda({ metadata, spec }: Manifest): readonly AskedExpression[] {
  const triggers = at(spec, 'triggers') as readonly { readonly type: string; readonly metadata: { query: string } }[];
  return triggers
    .filter(({ type }) => type === 'prometheus')
    .map(({ metadata: { query } }) => ({ by: 'ScaledObject', name: metadata.name, expr: query }));
}
