import { at, type Manifest } from '../../support/cluster.js';

/** A pod as Kubernetes tells Prometheus of it. */
export interface DiscoveredPod {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** One for each port that a container declares, its facts in meta labels. */
  readonly targets: readonly {
    readonly targets: readonly [string];
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

/** One pod of a workload. */
export interface PodOf {
  /** Name of the Deployment or StatefulSet. */
  readonly workload: string;
  /** 0 for its first pod. */
  readonly index: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** Where nobody listens: a port that a job should have left out shows as a target that is down. */
const NOBODY = '127.0.0.1:9';

/**
 * Pods of the workloads among some objects, as discovery's role `pod` describes them (prometheus.io, kubernetes_sd_config).
 * @param addresses `host:port` of what really runs, for each port of a pod; a pod without any is not there
 */
export function discoveredPods(
  objects: readonly Manifest[],
  replicas: number,
  addresses: (pod: PodOf, port: number) => string | undefined,
): readonly DiscoveredPod[] {
  const workloads = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
  return workloads.flatMap((workload) =>
    Array.from({ length: replicas }, (_, index) => pod(workload, index, addresses)).filter(
      ({ targets }) => !targets.every(({ targets: [address] }) => address === NOBODY),
    ),
  );
}

function pod(
  { metadata, spec }: Manifest,
  index: number,
  addresses: (pod: PodOf, port: number) => string | undefined,
): DiscoveredPod {
  const labels = at(spec, 'template.metadata.labels') as Record<string, string>;
  const name = `${metadata.name}-${index}`;
  const containers = at(spec, 'template.spec.containers') as readonly Container[];
  const targets = containers.flatMap((container) =>
    (container.ports ?? []).map(({ containerPort, name: portName }) => ({
      targets: [addresses({ workload: metadata.name, index, labels }, containerPort) ?? NOBODY] as const,
      labels: {
        __meta_kubernetes_namespace: metadata.namespace ?? '',
        __meta_kubernetes_pod_name: name,
        __meta_kubernetes_pod_phase: 'Running',
        __meta_kubernetes_pod_ready: 'true',
        __meta_kubernetes_pod_container_name: container.name,
        __meta_kubernetes_pod_container_port_name: portName ?? '',
        __meta_kubernetes_pod_container_port_number: String(containerPort),
        ...Object.fromEntries(
          Object.entries(labels).map(([key, value]) => [
            `__meta_kubernetes_pod_label_${key.replaceAll(/[^A-Za-z0-9_]/g, '_')}`,
            value,
          ]),
        ),
      },
    })),
  );
  return { name, labels, targets };
}

interface Container {
  readonly name: string;
  readonly ports?: readonly { readonly containerPort: number; readonly name?: string }[];
}
