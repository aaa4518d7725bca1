import type { Cluster } from '../cluster.js';
import { listAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import { type MetricsApi, servingRules } from '../metrics-adapter.js';

interface WantedMetric {
  readonly autoscaler: KubeObject;
  readonly name: string;
  readonly api: MetricsApi;
}

const SOURCES = [
  ['pods', 'custom.metrics.k8s.io'],
  ['object', 'custom.metrics.k8s.io'],
  ['external', 'external.metrics.k8s.io'],
] as const satisfies readonly (readonly [string, MetricsApi])[];

/** Every metric that an autoscaler reads and that is not CPU or memory. */
function wantedMetrics(cluster: Cluster): readonly WantedMetric[] {
  return cluster.ofKind('HorizontalPodAutoscaler').flatMap((autoscaler) =>
    listAt(autoscaler.value, 'spec.metrics').flatMap((metric) =>
      SOURCES.flatMap(([source, api]): WantedMetric[] => {
        const name = textAt(metric, `${source}.metric.name`) ?? textAt(metric, `${source}.metricName`);
        return name === undefined ? [] : [{ autoscaler, name, api }];
      }),
    ),
  );
}

function serverOf(cluster: Cluster, api: MetricsApi): KubeObject | undefined {
  return cluster.ofKind('APIService').find(({ value }) => textAt(value, 'spec.group') === api);
}

export const metricRules: readonly Rule[] = [
  {
    id: 'metrics-api-missing',
    severity: 'error',
    why: 'An autoscaler whose metric nobody serves does not scale on it, and never scales down.',
    fix: 'add a metrics adapter with an APIService of that group, or scale by a KEDA ScaledObject.',
    find: (cluster) =>
      wantedMetrics(cluster)
        .filter(({ api }) => serverOf(cluster, api) === undefined)
        .map(({ autoscaler, name, api }) => ({
          object: autoscaler,
          message: `it scales on the metric "${name}", and no APIService serves ${api}.`,
        })),
  },
  {
    id: 'metric-not-served',
    severity: 'error',
    why: 'An autoscaler whose metric the adapter does not know does not scale on it, and never scales down.',
    fix: "add a rule with that name.as to the adapter's configuration, or correct the metric's name.",
    find: (cluster) =>
      wantedMetrics(cluster)
        .filter(({ name, api }) => {
          const rules = servingRules(cluster, api);
          const server = serverOf(cluster, api);
          const isAdapter = server !== undefined && !textAt(server.value, 'spec.service.name')?.includes('keda');
          return isAdapter && rules !== undefined && !rules.some((rule) => rule.serves(name));
        })
        .map(({ autoscaler, name, api }) => ({
          object: autoscaler,
          message: `it scales on the metric "${name}", which no rule of the adapter's configuration gives to ${api}.`,
        })),
  },
];
