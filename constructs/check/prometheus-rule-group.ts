import { load, YAML11_SCHEMA, YAMLException } from 'js-yaml';
import type { Cluster } from './cluster.js';
import { type Fields, isMapping, listAt, mapAt, textAt } from './field.js';
import type { KubeObject } from './kube-object.js';

/** A recording rule or an alert, wherever it is kept. */
export interface PrometheusRule {
  readonly object: KubeObject;
  /** `record` or `alert`. */
  readonly name: string;
  readonly expression: string;
  readonly isRecorded: boolean;
}

/** Rules of the operator's PrometheusRules, and of ConfigMaps that hold a rule file. */
export function prometheusRules(cluster: Cluster): readonly PrometheusRule[] {
  return [
    ...cluster.ofKind('PrometheusRule').flatMap((object) => rulesIn(object, mapAt(object.value, 'spec'))),
    ...cluster
      .ofKind('ConfigMap')
      .flatMap((object) =>
        Object.values(mapAt(object.value, 'data')).flatMap((text) => rulesIn(object, yamlWith('groups', text))),
      ),
  ];
}

/** Jobs of the Prometheus whose configuration is in the set; undefined if none is, or relabelling may name others. */
export function scrapeJobs(cluster: Cluster): readonly string[] | undefined {
  const configurations = cluster
    .ofKind('ConfigMap')
    .flatMap((object) =>
      Object.values(mapAt(object.value, 'data')).flatMap((text) => yamlWith('scrape_configs', text) ?? []),
    );
  const jobs = configurations.flatMap((configuration) => listAt(configuration, 'scrape_configs'));
  const renames = jobs.some((job) =>
    listAt(job, 'relabel_configs').some((relabelling) => textAt(relabelling, 'target_label') === 'job'),
  );
  return jobs.length === 0 || renames ? undefined : jobs.flatMap((job) => textAt(job, 'job_name') ?? []);
}

function rulesIn(object: KubeObject, file: unknown): PrometheusRule[] {
  return listAt(file, 'groups')
    .flatMap((group) => listAt(group, 'rules'))
    .flatMap((rule) => {
      const [record, alert, expression] = ['record', 'alert', 'expr'].map((field) => textAt(rule, field));
      const name = record ?? alert;
      if (name === undefined || expression === undefined) return [];
      return [{ object, name, expression, isRecorded: record !== undefined }];
    });
}

/** A file told by a key at its top; most ConfigMaps hold none, and are not parsed. */
function yamlWith(key: string, text: unknown): Fields | undefined {
  if (typeof text !== 'string' || !new RegExp(`^${key}:`, 'm').test(text)) return undefined;
  try {
    const file = load(text, { schema: YAML11_SCHEMA });
    return isMapping(file) ? file : undefined;
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}
