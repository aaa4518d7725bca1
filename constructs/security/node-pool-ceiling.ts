import { isDeepStrictEqual } from 'node:util';
import { type NodeCapacity, type NodePool, type NodePools, placement } from '../workload/node-pool.js';
import { bytesOf, millicoresOf } from '../workload/quantity.js';
import type { Ceiling, CountedGroup } from './ceiling.js';

/** What each pool of a stated capacity holds, and the pods that must find room in it. Pools of the same labels are one. */
export function poolCeilings(
  pools: NodePools,
  groups: readonly CountedGroup[],
): readonly { readonly ceiling: Ceiling; readonly groups: readonly CountedGroup[] }[] {
  const found: { pool: NodePool; ceiling: Ceiling; groups: readonly CountedGroup[] }[] = [];
  for (const [name, pool] of Object.entries(pools)) {
    if (!pool.capacity || found.some((other) => isDeepStrictEqual(other.pool.labels, pool.labels))) continue;
    found.push({
      pool,
      ceiling: poolCeiling(name, pool.capacity),
      groups: groups.filter(({ pod }) => isDeepStrictEqual(nodesOf(pod.spec), nodesOf(placement(pool, {})))),
    });
  }
  return found;
}

function poolCeiling(name: string, { nodes, cpu, memory, pods = 110 }: NodeCapacity): Ceiling {
  return {
    name: `the node pool "${name}" (${nodes} x ${cpu} CPU, ${memory}, ${pods} pods)`,
    holds: {
      'requests.cpu': nodes * millicoresOf(cpu),
      'requests.memory': nodes * bytesOf(memory),
      pods: nodes * pods,
    },
    fix: `more or larger nodes in nodePools.${name}.capacity`,
  };
}

/** The part of a pod that chooses its nodes. */
function nodesOf({ affinity }: { readonly affinity?: unknown }): unknown {
  return typeof affinity === 'object' && affinity !== null && 'nodeAffinity' in affinity
    ? affinity.nodeAffinity
    : undefined;
}
