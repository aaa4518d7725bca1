import { load, YAML11_SCHEMA, YAMLException } from 'js-yaml';
import type { Cluster } from './cluster.js';
import { at, type Fields, isMapping, listAt, mapAt, textAt } from './field.js';
import type { KubeObject } from './kube-object.js';

/** A recording rule or an alert, wherever it is kept. */
export interface PrometheusRule {
  readonly object: KubeObject;
  /** `record` or `alert`. */
  readonly name: string;
  readonly expression: string;
  readonly isRecorded: boolean;
  /** How long an alert's expression must hold, as it is written. */
  readonly waits?: unknown;
  readonly labels: Fields;
}

/** Rules of the operator's PrometheusRules, and of ConfigMaps that hold a rule file. */
export function prometheusRules(cluster: Cluster): readonly PrometheusRule[] {
  return [
    ...cluster.ofKind('PrometheusRule').flatMap((object) => rulesIn(object, mapAt(object.value, 'spec'))),
    ...filesOf(cluster).flatMap(({ object, text }) => rulesIn(object, yamlWith('groups', text))),
  ];
}

/** Jobs of the Prometheus whose configuration is in the set; undefined if none is, or relabelling may name others. */
export function scrapeJobs(cluster: Cluster): readonly string[] | undefined {
  const jobs = scrapeConfigurations(cluster).flatMap((configuration) => listAt(configuration, 'scrape_configs'));
  const renames = jobs.some((job) =>
    listAt(job, 'relabel_configs').some((relabelling) => textAt(relabelling, 'target_label') === 'job'),
  );
  return jobs.length === 0 || renames ? undefined : jobs.flatMap((job) => textAt(job, 'job_name') ?? []);
}

/** How often the Prometheus of the set looks, as it is written; undefined if it is not said, or several say it. */
export function scrapeInterval(cluster: Cluster): string | undefined {
  const [one, ...more] = scrapeConfigurations(cluster);
  return more.length > 0 ? undefined : textAt(one, 'global.scrape_interval');
}

function scrapeConfigurations(cluster: Cluster): readonly Fields[] {
  return filesOf(cluster).flatMap(({ text }): Fields[] => [yamlWith('scrape_configs', text) ?? []].flat());
}

/** What a file is told by. */
const FILES = ['groups', 'scrape_configs'] as const;

/** Files of rules and scrapes that are no YAML: key of the ConfigMap, and what is against it. */
export function unreadableFiles(cluster: Cluster) {
  return filesOf(cluster).flatMap(({ object, key, text }) => {
    // Of another file, such as a script that writes one, nobody says that it is YAML.
    if (!/\.(ya?ml|rules)$/.test(key)) return [];
    const problem = FILES.map((file) => yamlProblem(file, text)).find((one) => one !== undefined);
    return problem === undefined ? [] : [{ object, key, problem }];
  });
}

function filesOf(cluster: Cluster) {
  return cluster
    .ofKind('ConfigMap')
    .flatMap((object) => Object.entries(mapAt(object.value, 'data')).map(([key, text]) => ({ object, key, text })));
}

function rulesIn(object: KubeObject, file: unknown): PrometheusRule[] {
  return listAt(file, 'groups')
    .flatMap((group) => listAt(group, 'rules'))
    .flatMap((rule) => {
      const [record, alert, expression] = ['record', 'alert', 'expr'].map((field) => textAt(rule, field));
      const name = record ?? alert;
      if (name === undefined || expression === undefined) return [];
      const waits = at(rule, 'for');
      const labels = mapAt(rule, 'labels');
      return [
        { object, name, expression, isRecorded: record !== undefined, labels, ...(waits !== undefined && { waits }) },
      ];
    });
}

/** A file told by a key at its top; most ConfigMaps hold none, and are not parsed. */
function yamlWith(key: string, text: unknown): Fields | undefined {
  const file = isFile(key, text) ? parsed(text) : undefined;
  return isMapping(file) ? file : undefined;
}

function yamlProblem(key: string, text: unknown): string | undefined {
  const file = isFile(key, text) ? parsed(text) : undefined;
  return file instanceof YAMLException ? file.reason : undefined;
}

function isFile(key: string, text: unknown): text is string {
  return typeof text === 'string' && new RegExp(`^${key}:`, 'm').test(text);
}

function parsed(text: string): unknown {
  try {
    return load(text, { schema: YAML11_SCHEMA });
  } catch (error) {
    if (error instanceof YAMLException) return error;
    throw error;
  }
}
