import { load, YAML11_SCHEMA, YAMLException } from 'js-yaml';
import type { Cluster } from './cluster.js';
import { isMapping, listAt, mapAt, textAt } from './field.js';

export type MetricsApi = 'custom.metrics.k8s.io' | 'external.metrics.k8s.io';

/** A rule of prometheus-adapter, as far as it says which metrics it serves. */
export interface ServingRule {
  serves(metric: string): boolean;
}

const LISTS: Readonly<Record<MetricsApi, string>> = {
  'custom.metrics.k8s.io': 'rules',
  'external.metrics.k8s.io': 'externalRules',
};

/** What the prometheus-adapter of the set serves through an API; undefined if the set has no configuration of one. */
export function servingRules(cluster: Cluster, api: MetricsApi): readonly ServingRule[] | undefined {
  const configurations = adapterConfigurations(cluster);
  if (configurations.length === 0) return undefined;
  return configurations.flatMap(({ configuration }) => listAt(configuration, LISTS[api]).map(servingRule));
}

/** The queries by which the adapter reads what autoscalers ask for, and the series that each is for. */
export function adapterQueries(cluster: Cluster) {
  return adapterConfigurations(cluster).flatMap(({ object, configuration }) =>
    Object.values(LISTS)
      .flatMap((list) => listAt(configuration, list))
      .map((rule) => ({
        object,
        series: seriesPattern(textAt(rule, 'seriesQuery') ?? ''),
        query: textAt(rule, 'metricsQuery') ?? '',
      })),
  );
}

function adapterConfigurations(cluster: Cluster) {
  return cluster.ofKind('ConfigMap').flatMap((object) =>
    Object.values(mapAt(object.value, 'data')).flatMap((text) => {
      const configuration = adapterConfiguration(text);
      return configuration === undefined ? [] : [{ object, configuration }];
    }),
  );
}

/** Told by its rules' `seriesQuery`, which nothing else has. */
function adapterConfiguration(text: unknown): unknown {
  if (typeof text !== 'string' || !text.includes('seriesQuery')) return undefined;
  try {
    const configuration = load(text, { schema: YAML11_SCHEMA });
    return isMapping(configuration) ? configuration : undefined;
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}

/** @see https://github.com/kubernetes-sigs/prometheus-adapter/blob/master/docs/config.md (Discovery, Naming) */
function servingRule(rule: unknown): ServingRule {
  const name = textAt(rule, 'name.as');
  if (name !== undefined) {
    const pattern = new RegExp(
      `^${name
        .split(/\$\{?\w+\}?/)
        .map(escaped)
        .join('.+')}$`,
    );
    return { serves: (metric) => pattern.test(metric) };
  }
  // Without `as` the part that `matches` captures is the name: any could be.
  if (textAt(rule, 'name.matches')?.includes('(')) return { serves: () => true };
  const series = seriesPattern(textAt(rule, 'seriesQuery') ?? '');
  return { serves: (metric) => series.test(metric) };
}

function seriesPattern(query: string): RegExp {
  const [, exact] = /__name__\s*=\s*"([^"]*)"/.exec(query) ?? /^\s*([A-Za-z_:][\w:]*)/.exec(query) ?? [];
  if (exact !== undefined) return new RegExp(`^${escaped(exact)}$`);
  const [, pattern = ''] = /__name__\s*=~\s*"([^"]*)"/.exec(query) ?? [];
  try {
    return new RegExp(pattern);
  } catch (error) {
    // RE2 knows expressions that JavaScript does not; what cannot be read is not held against anybody.
    if (error instanceof SyntaxError) return /^/;
    throw error;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
