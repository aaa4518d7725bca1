import type { Metric } from './metric.js';
import type { SettingsShape } from './setting.js';

/** Kinds of nodes; an environment maps each to labels and taints of its own cluster. */
export const PLACEMENTS = ['general', 'compute', 'memory', 'network', 'isolated'] as const;
export type Placement = (typeof PLACEMENTS)[number];

/** An HTTP health check. */
export interface ProbeSpec {
  readonly path: string;
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
}

/** An HTTP check of a process that is starting; the other probes wait for it. */
export interface StartupProbeSpec {
  readonly path: string;
  /** A process that has not started by then is started again. */
  readonly withinSeconds: number;
}

export interface ProbesSpec {
  /** The process has started: it found its stores. @default none: it must be up within liveness's first delay */
  readonly startup?: StartupProbeSpec;
  /** The process works; a failure restarts it. */
  readonly liveness: ProbeSpec;
  /** The process can serve now; a failure takes it out of the Service. */
  readonly readiness: ProbeSpec;
}

/** Anything with a name and a port that others connect to. */
export interface Endpoint {
  readonly name: string;
  readonly port: number;
}

/** A process of the application, as the cluster and the process itself both see it. */
export interface ServiceSpec<S extends SettingsShape = SettingsShape> extends Endpoint {
  readonly kind: 'service' | 'worker' | 'controller';
  readonly description: string;
  readonly placement: Placement;
  /** Replicas that production never goes below. */
  readonly minReplicas: number;
  readonly probes: ProbesSpec;
  /** Path of the Prometheus endpoint. */
  readonly metricsPath: string;
  readonly settings: S;
  /** Metrics that this process emits. An autoscaler takes no other. */
  readonly metrics: readonly Metric[];
}

/** A store that the application connects to: run in the cluster or managed outside it. */
export interface StoreSpec extends Endpoint {
  /** Port of its Prometheus exporter, where it has one. */
  readonly metricsPort?: number;
  readonly metricsPath?: string;
  /** Query parameters of the scrape. */
  readonly metricsQuery?: Readonly<Record<string, readonly string[]>>;
  readonly metrics: readonly Metric[];
}

/** The job that saves a store's data, and brings it back. */
export interface BackupSpec {
  readonly name: string;
  readonly of: StoreSpec;
  /** Ports of the store that it connects to, where there is somebody at them. */
  readonly ports: readonly number[];
}

/** One permitted connection. What is not listed is denied by network policy and by mesh authorization. */
export interface Flow {
  readonly from: ServiceSpec;
  readonly to: ServiceSpec | StoreSpec | External;
}

/** Something outside the cluster, by port: model providers, object stores of a cloud. */
export interface External {
  readonly external: string;
  readonly port: number;
}

export function isExternal(target: Flow['to']): target is External {
  return 'external' in target;
}

/** A DNS-1035 label: what Kubernetes accepts as the name of a Service. */
const SERVICE_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** @throws if the name, the port, a probe's path or its times are none that Kubernetes accepts, the two probes are the same, or something is there twice. */
export function defineService<const S extends SettingsShape>(spec: ServiceSpec<S>): ServiceSpec<S> {
  if (!SERVICE_NAME.test(spec.name)) {
    throw new Error(`Service "${spec.name}": a name is lower case letters, digits and dashes, at most 63.`);
  }
  if (!(Number.isInteger(spec.port) && spec.port >= 1024 && spec.port <= 65535)) {
    throw new Error(`Service ${spec.name}: port ${spec.port} is not an unprivileged port (1024 to 65535).`);
  }
  if (!(Number.isInteger(spec.minReplicas) && spec.minReplicas >= 1)) {
    throw new Error(`Service ${spec.name}: minReplicas ${spec.minReplicas} must be a whole number from 1.`);
  }
  const repeated = [
    ...twice(
      'the variable',
      Object.values(spec.settings).map(({ env }) => env),
    ),
    ...twice(
      'the metric',
      spec.metrics.map(({ name }) => name),
    ),
  ];
  if (repeated.length > 0)
    throw new Error(`Service ${spec.name}: it has ${repeated.join(' and ')} twice; rename one, or leave it out.`);
  for (const [probe, { path, ...times }] of Object.entries<ProbeSpec | StartupProbeSpec>({ ...spec.probes })) {
    if (!path.startsWith('/')) {
      throw new Error(`Service ${spec.name}: the path of ${probe}, "${path}", must begin with a slash.`);
    }
    for (const [field, seconds] of Object.entries<number>(times))
      holdSeconds(`Service ${spec.name}: ${field} of ${probe}`, field, seconds);
  }
  if (!spec.metricsPath.startsWith('/')) {
    throw new Error(`Service ${spec.name}: metricsPath "${spec.metricsPath}" must begin with a slash.`);
  }
  if (spec.probes.liveness.path === spec.probes.readiness.path) {
    throw new Error(
      `Service ${spec.name}: liveness and readiness must differ; a lost store must not restart the process.`,
    );
  }
  return spec;
}

const HOUR_SECONDS = 3600;

/** Whoever waits for longer wrote milliseconds. A delay may be none. */
function holdSeconds(what: string, field: string, seconds: number): void {
  const least = field === 'initialDelaySeconds' ? 0 : 1;
  if (Number.isInteger(seconds) && seconds >= least && seconds <= HOUR_SECONDS) return;
  throw new Error(`${what} is ${seconds}; it must be a whole number of seconds from ${least} to ${HOUR_SECONDS}.`);
}

function twice(what: string, names: readonly string[]): string[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))].map((name) => `${what} ${name}`);
}

/** Labels that selectors use. Selectors are immutable in Kubernetes, so they never follow a construct's path. */
export function selectorLabels(endpoint: { readonly name: string }, instance: string): Record<string, string> {
  return { 'app.kubernetes.io/name': endpoint.name, 'app.kubernetes.io/instance': instance };
}

/** Label that tells the pods of one release from another's; the subsets of a canary select on it. */
export const VERSION_LABEL = 'version';

/** In-cluster base URL of an endpoint. The Service has the endpoint's own name and port. */
export function serviceUrl(endpoint: Endpoint): string {
  return `http://${endpoint.name}:${endpoint.port}`;
}
