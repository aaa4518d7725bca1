import { expect, test } from '@jest/globals';
import { PLACEMENTS } from '../../contract/index.js';
import { anyNode, separatePools } from '../../stacks/index.js';
import { nodeGroupPlan } from './node-group-plan.js';

test('each placement has nodes of its own, with the labels and taints that its pods ask for', () => {
  const pools = separatePools();
  const plan = nodeGroupPlan(pools);
  expect(plan.map(({ name }) => name)).toEqual([...PLACEMENTS]);
  for (const { placement, labels, taints } of plan) expect(pools[placement]).toMatchObject({ labels, taints });
});

test('placements that mean the same nodes share them', () => {
  expect(nodeGroupPlan(anyNode()).map(({ name }) => name)).toEqual(['general']);
});

test('where every pool is closed there are nodes for what tolerates nothing', () => {
  const pool = { labels: { pool: 'x' }, taints: { pool: 'x' } };
  const plan = nodeGroupPlan({ general: pool, compute: pool, memory: pool, network: pool, isolated: pool });
  expect(plan.map(({ name, taints }) => [name, Object.keys(taints)])).toEqual([
    ['general', ['pool']],
    ['system', []],
  ]);
});
