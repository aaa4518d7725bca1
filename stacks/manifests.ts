import { App, Chart, Yaml } from 'cdk8s';
import type { SecretRef } from '../constructs/index.js';
import type { EnvironmentClass } from './environments/index.js';

/** What one environment is in YAML. */
export interface Manifests {
  readonly name: string;
  /** Text of each file by its name. The names sort in the order of an apply. */
  readonly files: ReadonlyMap<string, string>;
  /** Secrets that must stand in the namespace before the pods can start. */
  readonly requiredSecrets: readonly SecretRef[];
  readonly namespace: string;
}

/** Synthesises an environment: the same class gives the same bytes. */
export function manifestsOf(Environment: EnvironmentClass): Manifests {
  const stack = new Environment(new App({ outdir: '.' }));
  const charts = stack.node.children.filter((child) => Chart.isChart(child));
  const files = charts.flatMap((chart, i): [string, string][] => {
    const objects = chart.toJson();
    const fileName = `${String(i).padStart(2, '0')}-${chart.node.id}.yaml`;
    return objects.length === 0 ? [] : [[fileName, Yaml.stringify(...objects)]];
  });
  const { config, requiredSecrets } = stack;
  return { name: config.name, namespace: config.namespace, files: new Map(files), requiredSecrets };
}
