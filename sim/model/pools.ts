import { type NodePool, type NodePools, quantityValue } from '../../constructs/index.js';
import { PLACEMENTS, type Placement } from '../../contract/index.js';
import type { Assumptions } from './assumptions.js';
import { allocatableOf } from './instance-types.js';
import type { PoolModel } from './system.js';

/** The pools of an environment: placements whose nodes carry the same labels share one. */
export function poolsOf(nodePools: NodePools, { nodes }: Assumptions): readonly PoolModel[] {
  const byKey = new Map<string, Placement[]>();
  for (const placement of PLACEMENTS) {
    const key = poolKey(nodePools[placement].labels);
    byKey.set(key, [...(byKey.get(key) ?? []), placement]);
  }
  return [...byKey].map(([key, placements]) => {
    const [first = 'general'] = placements;
    const instanceType = nodes.instanceTypes[first] ?? nodes.instanceTypes.general ?? 'm6i.xlarge';
    return { key, placements, instanceType, ...sizeOf(nodePools[first], instanceType, nodes.maxNodes) };
  });
}

/** Name of the pool whose nodes carry these labels. */
export function poolKey(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.sort().join(',') || 'any node';
}

/** As the environment says it; else as the assumed instance type gives it. */
function sizeOf(
  { capacity }: NodePool,
  instanceType: string,
  maxNodes: number,
): Pick<PoolModel, 'allocatable' | 'maxNodes'> {
  if (!capacity) return { allocatable: allocatableOf(instanceType), maxNodes };
  return {
    allocatable: {
      cpuMilli: Math.round((quantityValue(capacity.cpu) ?? 0) * 1000),
      memoryBytes: quantityValue(capacity.memory) ?? 0,
      pods: capacity.pods ?? 110,
    },
    maxNodes: capacity.nodes,
  };
}
