import { ApiObject, App, Chart, DependencyGraph } from 'cdk8s';
import { manifestAsCounted, type SecretRef, sourceLine, warningsOf, yamlOf } from '../constructs/index.js';
import type { EnvironmentConfig } from './environment-config.js';
import type { EnvironmentClass } from './environments/index.js';
import { placeAt, type Site } from './site.js';

/** What one environment is in YAML. */
export interface Manifests {
  readonly name: string;
  /** As it was at its site. */
  readonly config: EnvironmentConfig;
  /** Text of each file by its name. The names sort in the order of an apply. Written only when asked for: it takes time. */
  readonly files: ReadonlyMap<string, string>;
  /** The objects of all files, in their order. */
  readonly objects: readonly unknown[];
  /** Secrets that must stand in the namespace before the pods can start. */
  readonly requiredSecrets: readonly SecretRef[];
  readonly namespace: string;
  /** What is right and may be regretted, each with its construct's path. */
  readonly warnings: readonly string[];
  /** Where each object comes from, by `apiVersion Kind namespace/name`. Looked up only when asked for: its text takes time. */
  origins(): ReadonlyMap<string, ObjectOrigin>;
}

/** What made an object. */
export interface ObjectOrigin {
  readonly constructPath: string;
  readonly sourceLine?: string;
}

/**
 * Synthesises an environment: the same class gives the same bytes.
 * @param site what the place that it is brought up at changes in its config. @default nothing
 */
export function manifestsOf(Environment: EnvironmentClass, site?: Site): Manifests {
  const app = new App({ outdir: '.' });
  if (site) placeAt(app, site);
  const stack = new Environment(app);
  const charts = stack.node.children.filter((child): child is Chart => Chart.isChart(child));
  const objects = objectsOf(charts);
  let files: Manifests['files'] | undefined;
  const { config, requiredSecrets } = stack;
  return {
    name: config.name,
    config,
    namespace: config.namespace,
    get files() {
      files ??= filesOf(charts, objects);
      return files;
    },
    objects: objects.flat(),
    requiredSecrets,
    warnings: warningsOf(stack),
    origins: () => new Map(stack.node.findAll().filter(ApiObject.isApiObject).map(originOf)),
  };
}

function filesOf(charts: readonly Chart[], objects: readonly (readonly unknown[])[]): Manifests['files'] {
  return new Map(
    charts.flatMap((chart, i): [string, string][] =>
      objects[i]?.length ? [[`${chart.node.id}.yaml`, yamlOf(...objects[i])]] : [],
    ),
  );
}

function originOf(object: ApiObject): [string, ObjectOrigin] {
  const { apiVersion, kind, metadata, node } = object;
  const line = sourceLine(object);
  return [
    [apiVersion, kind, [metadata.namespace, metadata.name].filter(Boolean).join('/')].join(' '),
    { constructPath: node.path, ...(line !== undefined && { sourceLine: line }) },
  ];
}

/** Objects of each chart as `Chart.toJson` gives them; that alone would check the whole app again for every chart. The first one checks it. */
export function objectsOf(charts: readonly Chart[]): readonly (readonly unknown[])[] {
  return charts.map((chart, i) =>
    i === 0
      ? chart.toJson()
      : new DependencyGraph(chart.node)
          .topology()
          .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct))
          .filter((object) => object.chart === chart)
          .map(manifestAsCounted),
  );
}
