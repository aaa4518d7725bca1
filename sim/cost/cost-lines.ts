import type { System } from '../model/system.js';
import { type PriceItem, priceOf } from './prices.js';

export const HOURS_PER_MONTH = 730;
const GiB = 2 ** 30;

export const COMPONENTS = [
  'application nodes',
  'store nodes',
  'observability nodes',
  'unused room',
  'managed stores',
  'storage',
  'network',
  'control plane',
  'models',
] as const;
export type Component = (typeof COMPONENTS)[number];

export interface CostLine {
  readonly component: Component;
  readonly usd: number;
}

/** A price of which nobody has seen the source, or that is another region's. */
export interface PriceGap {
  readonly item: string;
  readonly why: string;
}

/** What was used over some time: nodes by pool and pods by workload in seconds, models in micro-dollars. */
export interface Usage {
  readonly seconds: number;
  readonly nodeSeconds: ReadonlyMap<string, number>;
  readonly podSeconds: ReadonlyMap<string, number>;
  readonly modelMicroUsd: number;
  readonly modelCalls: number;
}

/** What a model's answer and its prompt are on the wire, for the NAT gateway [assumed]. */
const GB_PER_MODEL_CALL = 12e-6;
/** Rows and documents that a managed store is taken to hold [assumed]. */
const MANAGED_POSTGRES_GIB = 100;
const OBJECT_STORE_GIB = 500;
/** One in each of three zones, as the cluster's own network has them. */
const NAT_GATEWAYS = 3;

/** Money by component. */
export function costLines(system: System, usage: Usage): readonly CostLine[] {
  const hours = usage.seconds / 3600;
  const usd = (item: string) => priceOf(system.region, item).usd;
  const months = hours / HOURS_PER_MONTH;
  const storageGiB = system.standing.reduce((sum, { storageBytes }) => sum + storageBytes, 0) / GiB;
  const managed = managedItems(system);
  const nodes = nodeLines(system, usage);
  const network =
    (system.entrance ? usd('load balancer') * hours : 0) +
    NAT_GATEWAYS * usd('nat gateway') * hours +
    usage.modelCalls * GB_PER_MODEL_CALL * usd('nat traffic');
  const stores = managed.reduce((sum, item) => sum + usd(item), 0) * hours;
  const managedStorage =
    (system.managed.includes('postgres') ? MANAGED_POSTGRES_GIB * usd('managed postgres storage') : 0) +
    (system.managed.includes('objectStore') ? OBJECT_STORE_GIB * usd('object storage') : 0);
  return [
    ...nodes,
    { component: 'managed stores', usd: stores },
    { component: 'storage', usd: (storageGiB * usd('block storage gp3') + managedStorage) * months },
    { component: 'network', usd: network },
    { component: 'control plane', usd: usd('kubernetes control plane') * hours },
    { component: 'models', usd: usage.modelMicroUsd / 1e6 },
  ];
}

/** Each pool's money, split by what pods request of the nodes; what nobody requests is paid all the same. */
function nodeLines(system: System, { nodeSeconds, podSeconds, seconds }: Usage): CostLine[] {
  const byComponent = { application: 0, stores: 0, observability: 0, unused: 0 };
  for (const { key, instanceType, allocatable } of system.pools) {
    const nodes = nodeSeconds.get(key) ?? 0;
    const usd = (nodes / 3600) * priceOf(system.region, instanceType).usd;
    if (nodes === 0) continue;
    const share = (cpuMilli: number, memoryBytes: number, podTime: number) =>
      (Math.max(cpuMilli / allocatable.cpuMilli, memoryBytes / allocatable.memoryBytes) * podTime) / nodes;
    let used = 0;
    for (const { name, pool, requests } of system.workloads.filter((one) => one.pool === key)) {
      const part = pool === key ? share(requests.cpuMilli, requests.memoryBytes, podSeconds.get(name) ?? 0) : 0;
      byComponent.application += part * usd;
      used += part;
    }
    for (const { pool, component, replicas, requests } of system.standing) {
      if (pool !== key) continue;
      const part = share(requests.cpuMilli, requests.memoryBytes, replicas * seconds);
      byComponent[component] += part * usd;
      used += part;
    }
    byComponent.unused += Math.max(0, 1 - used) * usd;
  }
  return [
    { component: 'application nodes', usd: byComponent.application },
    { component: 'store nodes', usd: byComponent.stores },
    { component: 'observability nodes', usd: byComponent.observability },
    { component: 'unused room', usd: byComponent.unused },
  ];
}

const MANAGED_ITEMS: Readonly<Record<string, PriceItem>> = {
  redis: 'managed redis, 2 x cache.r6g.large',
  postgres: 'managed postgres, db.r6g.large in two zones',
  rabbitmq: 'managed rabbitmq, 3 x mq.m5.large',
};

function managedItems({ managed }: System): PriceItem[] {
  return managed.flatMap((store) => MANAGED_ITEMS[store] ?? []);
}

/** Items that the environment pays for. */
function itemsOf(system: System): string[] {
  return [
    ...new Set(system.pools.map(({ instanceType }) => instanceType)),
    ...managedItems(system),
    ...(system.managed.includes('postgres') ? ['managed postgres storage'] : []),
    ...(system.managed.includes('objectStore') ? ['object storage'] : []),
    ...(system.standing.some(({ storageBytes }) => storageBytes > 0) ? ['block storage gp3'] : []),
    ...(system.entrance ? ['load balancer'] : []),
    ...['nat gateway', 'nat traffic', 'kubernetes control plane'],
  ];
}

/** What of the sum rests on a price that nobody has compared with its source. */
export function priceGaps(system: System): readonly PriceGap[] {
  return itemsOf(system).flatMap((item) =>
    priceOf(system.region, item).unverified ? [{ item, why: 'unverified' }] : [],
  );
}
