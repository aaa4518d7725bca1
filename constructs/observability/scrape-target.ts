import type { Metric, ServiceSpec, StoreSpec } from '../../contract/vocabulary/index.js';
import type { SecretRef } from '../workload/secret-ref.js';
import type { RuleSources } from './rule-groups.js';

/** Pods that Prometheus reads metrics from, and how. */
export interface ScrapeTarget {
  /** Name of the endpoint; becomes the `job` label. */
  readonly name: string;
  readonly port: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly metrics: readonly Metric[];
  /** True where the pods are members of the mesh, and so answer to its certificates alone. */
  readonly meshMember: boolean;
  /** Bearer token that the exporter asks for. @default none */
  readonly token?: SecretRef;
  /** True where it answers over TLS only, by a certificate of its own that nobody vouches for. @default false */
  readonly selfSigned?: boolean;
  /** Namespace of a Service by the endpoint's name, where it is not this platform's: its pods are not looked for. @default none */
  readonly elsewhere?: string;
}

export function serviceTarget(spec: ServiceSpec): ScrapeTarget {
  return { name: spec.name, port: spec.port, path: spec.metricsPath, metrics: spec.metrics, meshMember: true };
}

/** The exporter of a store, or `undefined` where its contract names none. */
export function storeTarget(spec: StoreSpec, token?: SecretRef): ScrapeTarget | undefined {
  if (spec.metricsPort === undefined || spec.metricsPath === undefined) return undefined;
  return {
    name: spec.name,
    port: spec.metricsPort,
    path: spec.metricsPath,
    ...(spec.metricsQuery && { query: spec.metricsQuery }),
    metrics: spec.metrics,
    meshMember: false,
    ...(token && { token }),
  };
}

/**
 * @param path of the construct that refuses
 * @throws if a scaling metric or an objective is about an endpoint that is not scraped, or does not expose what it is made of
 */
export function refuseUnscraped(
  path: string,
  {
    targets,
    recorded,
    slos = [],
  }: Pick<RuleSources, 'recorded' | 'slos'> & { readonly targets: readonly ScrapeTarget[] },
): void {
  const needs = [
    ...recorded.map(({ metric, job }) => ({ name: metric.name, of: metric.of, job })),
    ...slos.map(({ name, indicator, of }) => ({ name, of: indicator.metric, job: of.name })),
  ];
  for (const { name, of, job } of needs) {
    if (!targets.some((target) => target.name === job && target.metrics.includes(of))) {
      const known = targets.map((target) => target.name).join(', ');
      throw new Error(`${path}: "${name}" needs ${of.name} of ${job}, which no target exposes (targets: ${known}).`);
    }
  }
}
