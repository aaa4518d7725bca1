import { load, YAML11_SCHEMA, YAMLException } from 'js-yaml';
import type { Cluster } from './cluster.js';
import { listAt, mapAt, textAt } from './field.js';

/** Series that the set's recording rules make, be they in Prometheus's own files or the operator's objects; undefined if there are none. */
export function recordedSeriesIn(cluster: Cluster): ReadonlySet<string> | undefined {
  const files = cluster.ofKind('ConfigMap').flatMap(({ value }) => Object.values(mapAt(value, 'data')).map(ruleFile));
  const objects = cluster.ofKind('PrometheusRule').map(({ value }) => mapAt(value, 'spec'));
  const series = [...files, ...objects]
    .flatMap((file) => listAt(file, 'groups'))
    .flatMap((group) => listAt(group, 'rules'))
    .flatMap((rule) => textAt(rule, 'record') ?? []);
  return series.length === 0 ? undefined : new Set(series);
}

/** Told by a key that every recording rule has. */
function ruleFile(text: unknown): unknown {
  if (typeof text !== 'string' || !text.includes('record:')) return undefined;
  try {
    return load(text, { schema: YAML11_SCHEMA });
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}

/** Names in an expression that only a recording rule makes: by convention, and nobody else's, they have a colon. */
export function recordedNames(expression: string): readonly string[] {
  const outsideText = expression.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""').replace(/\[[^\]]*\]/g, '');
  return [...new Set(outsideText.match(/[A-Za-z_]\w*(?::\w+)+/g) ?? [])];
}
