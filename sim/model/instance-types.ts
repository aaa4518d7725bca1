import type { PoolModel } from './system.js';

const GiB = 2 ** 30;

/** vCPUs and memory of the instance types that a pool may have (AWS's own names). */
const INSTANCE_TYPES: Readonly<Record<string, { readonly cores: number; readonly gib: number }>> = {
  'm6i.large': { cores: 2, gib: 8 },
  'm6i.xlarge': { cores: 4, gib: 16 },
  'm6i.2xlarge': { cores: 8, gib: 32 },
  'm6i.4xlarge': { cores: 16, gib: 64 },
  'c6i.large': { cores: 2, gib: 4 },
  'c6i.xlarge': { cores: 4, gib: 8 },
  'c6i.2xlarge': { cores: 8, gib: 16 },
  'c6i.4xlarge': { cores: 16, gib: 32 },
  'r6i.large': { cores: 2, gib: 16 },
  'r6i.xlarge': { cores: 4, gib: 32 },
  'r6i.2xlarge': { cores: 8, gib: 64 },
};

/** Pods of a node with prefix delegation below 30 vCPUs: as the kubelet's own default. */
const PODS = 110;

/** What a node's own daemons request: network, proxy, storage, metrics [assumed]. */
const DAEMONS = { cpuMilli: 150, memoryBytes: 0.35 * GiB } as const;

/**
 * What one node has for pods: less what EKS reserves (awslabs/amazon-eks-ami, bootstrap: 255 MiB and 11 MiB for each pod; 6 % of the first core, 1 % of the
 * second, 0.5 % of the next two, 0.25 % of the rest; 100 MiB before eviction) and its daemons.
 * @throws naming the types that are known
 */
export function allocatableOf(instanceType: string): PoolModel['allocatable'] {
  const type = INSTANCE_TYPES[instanceType];
  if (!type) {
    throw new Error(
      `Instance type "${instanceType}" is not known. Known are ${Object.keys(INSTANCE_TYPES).join(', ')}.`,
    );
  }
  const { cores, gib } = type;
  const reservedMilli =
    60 + Math.min(1, cores - 1) * 10 + Math.min(2, Math.max(0, cores - 2)) * 5 + Math.max(0, cores - 4) * 2.5;
  const reservedMiB = 255 + 11 * PODS + 100;
  return {
    cpuMilli: cores * 1000 - reservedMilli - DAEMONS.cpuMilli,
    memoryBytes: gib * GiB - reservedMiB * 2 ** 20 - DAEMONS.memoryBytes,
    pods: PODS,
  };
}
