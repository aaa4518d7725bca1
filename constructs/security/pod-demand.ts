import { PROXY_LABEL, PROXY_RESOURCES } from '../mesh-mode.js';
import { bytesOf, millicoresOf } from '../workload/quantity.js';

/** What a quota counts, by its own names. CPU is in thousandths of a core, memory and storage in bytes. */
export const DEMAND_KEYS = [
  'pods',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
] as const;
export type DemandKey = (typeof DEMAND_KEYS)[number];
export type Demand = Readonly<Record<DemandKey, number>>;

/** A container as it stands in a manifest; only what is read. */
export interface ContainerManifest {
  readonly resources?: Partial<Record<'requests' | 'limits', Readonly<Record<string, string>>>>;
}

/** A pod template as it stands in a manifest; only what is read. */
export interface PodManifest {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly ContainerManifest[];
    readonly initContainers?: readonly ContainerManifest[];
    readonly affinity?: unknown;
  };
}

function demandOf(value: (key: DemandKey) => number): Demand {
  return Object.fromEntries(DEMAND_KEYS.map((key) => [key, value(key)])) as Record<DemandKey, number>;
}

export function sumOf(demands: readonly Demand[]): Demand {
  return demandOf((key) => demands.reduce((sum, demand) => sum + demand[key], 0));
}

export function times(demand: Demand, factor: number): Demand {
  return demandOf((key) => demand[key] * factor);
}

/** The larger of two, for each resource. */
export function larger(a: Demand, b: Demand): Demand {
  return demandOf((key) => Math.max(a[key], b[key]));
}

/** Every container that a pod runs, with the proxy that Istio will put beside them. */
export function containersOf({ metadata, spec }: PodManifest): readonly ContainerManifest[] {
  const injected = metadata?.labels?.[PROXY_LABEL.name] === PROXY_LABEL.value;
  return injected ? [...spec.containers, { resources: PROXY_RESOURCES }] : spec.containers;
}

/** What a container counts for, whatever it does not say counting as `defaults`. */
export function containerDemand({ resources }: ContainerManifest, defaults: ContainerManifest): Demand {
  return demandOf((key) => {
    if (key === 'pods') return 0;
    const [side, name] = key.split(/\.(.*)/) as ['requests' | 'limits', string];
    const text = resources?.[side]?.[name] ?? defaults.resources?.[side]?.[name];
    if (text === undefined) return 0;
    return name === 'cpu' ? millicoresOf(text) : bytesOf(text);
  });
}

/** What a pod counts for: all its containers at once, or the largest of those that run before them. */
export function podDemand(pod: PodManifest, defaults: ContainerManifest): Demand {
  const running = sumOf(containersOf(pod).map((one) => containerDemand(one, defaults)));
  const starting = (pod.spec.initContainers ?? []).map((one) => containerDemand(one, defaults));
  return { ...starting.reduce(larger, running), pods: 1 };
}
