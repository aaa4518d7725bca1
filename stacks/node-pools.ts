import type { NodeCapacity, NodePools } from '../constructs/index.js';
import { PLACEMENTS, type Placement } from '../contract/index.js';

/** Label and taint by which a cluster's nodes say which pool they are of. */
const POOL_KEY = 'armature.dev/pool';

/**
 * A pool of its own for each placement; all but the general one are closed to other pods.
 * @param capacity what each may grow to. @default unknown: nothing is checked
 */
export function separatePools(capacity: Partial<Record<Placement, NodeCapacity>> = {}): NodePools {
  return poolsBy((placement) => ({
    labels: { [POOL_KEY]: placement },
    taints: placement === 'general' ? {} : { [POOL_KEY]: placement },
    capacity: capacity[placement],
  }));
}

/**
 * Any node for any pod: a cluster with one kind of node.
 * @param capacity what the cluster may grow to. @default unknown: nothing is checked
 */
export function anyNode(capacity?: NodeCapacity): NodePools {
  return poolsBy(() => ({ labels: {}, taints: {}, capacity }));
}

function poolsBy(pool: (placement: Placement) => NodePools[Placement]): NodePools {
  return Object.fromEntries(PLACEMENTS.map((placement) => [placement, pool(placement)])) as unknown as NodePools;
}
