import type { NodePool } from '../../constructs/index.js';
import { PLACEMENTS, type Placement } from '../../contract/index.js';

/** Nodes of one kind. */
export interface NodeGroupPlan {
  /** The first placement that means these nodes. */
  readonly name: string;
  readonly placement: Placement;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: Readonly<Record<string, string>>;
}

/** Machines of each placement: what runs there is bound by processor, memory or network. */
export const INSTANCE_TYPES: Readonly<Record<Placement, string>> = {
  general: 'm7i.xlarge',
  compute: 'c7i.xlarge',
  memory: 'r7i.xlarge',
  network: 'c6in.xlarge',
  isolated: 'm7i.xlarge',
};

/**
 * The kinds of nodes that an environment's pools ask for. What others bring to the cluster, such as its DNS, tolerates no taint: where
 * every pool is closed there is one more, for them.
 */
export function nodeGroupPlan(pools: Readonly<Record<Placement, NodePool>>): readonly NodeGroupPlan[] {
  const groups = new Map<string, NodeGroupPlan>();
  for (const placement of PLACEMENTS) {
    const { labels, taints } = pools[placement];
    const key = JSON.stringify([Object.entries(labels).sort(), Object.entries(taints).sort()]);
    if (!groups.has(key)) groups.set(key, { name: placement, placement, labels, taints });
  }
  const plan = [...groups.values()];
  const isOpen = plan.some(({ taints }) => Object.keys(taints).length === 0);
  return isOpen ? plan : [...plan, { name: 'system', placement: 'general', labels: {}, taints: {} }];
}
