import type { NodePools } from '../constructs/index.js';
import { PLACEMENTS, type Placement } from '../contract/index.js';

/** Label and taint by which a cluster's nodes say which pool they are of. */
const POOL_KEY = 'armature.dev/pool';

/** A pool of its own for each placement; all but the general one are closed to other pods. */
export function separatePools(): NodePools {
  return poolsBy((placement) => ({
    labels: { [POOL_KEY]: placement },
    taints: placement === 'general' ? {} : { [POOL_KEY]: placement },
  }));
}

/** Any node for any pod: a cluster with one kind of node. */
export function anyNode(): NodePools {
  return poolsBy(() => ({ labels: {}, taints: {} }));
}

function poolsBy(pool: (placement: Placement) => NodePools[Placement]): NodePools {
  return Object.fromEntries(PLACEMENTS.map((placement) => [placement, pool(placement)])) as unknown as NodePools;
}
