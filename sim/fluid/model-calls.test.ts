import { expect, test } from '@jest/globals';
import { TIERS } from '../../contract/index.js';
import { Production } from '../../stacks/index.js';
import { readSystem } from '../model/read-system.js';
import { Demand } from './demand.js';
import { ModelCalls } from './model-calls.js';

const system = readSystem(Production);
const { shares } = system.models;
const demand = new Demand(system, 1);
const taskShares = system.requests.map(({ share }) => share);
const NO_REQUESTS = system.requests.map(() => 0);

// The mix that comes in was called all the time: while free users' tasks waited, the others' slower models were reckoned too quick.
test('the models of the tiers whose tasks are taken are called, whatever comes in', () => {
  const admitted = demand.admitted({ free: 0.6, premium: 0.3, enterprise: 0.1 });
  for (const tier of TIERS) {
    const models = new ModelCalls(system, taskShares);
    const taken = [0, 0, 0];
    taken[demand.priorityOf[tier]] = 10;
    models.make(NO_REQUESTS, taken, admitted, 1);
    const beside = TIERS.filter((other) => demand.priorityOf[other] === demand.priorityOf[tier]);
    const all = beside.reduce((sum, other) => sum + admitted.mix[other], 0);
    for (const [i, share] of models.shares.entries()) {
      const expected = beside.reduce((sum, other) => sum + (admitted.mix[other] / all) * (shares[other][i] ?? 0), 0);
      expect(share).toBeCloseTo(expected, 9);
    }
    const calls = models.calls.reduce((sum, one) => sum + one, 0);
    expect(calls).toBeCloseTo(10 * (1 - system.assumed.caches.answerHits), 9);
  }
});

test('requests call the models of the mix that comes in', () => {
  const mix = { free: 0.5, premium: 0.5, enterprise: 0 };
  const admitted = demand.admitted(mix);
  const completion = { ...system, requests: system.requests.map((one) => ({ ...one, front: one.task, task: [] })) };
  const models = new ModelCalls(completion, taskShares);
  expect(
    models.make(
      system.requests.map(() => 5),
      [0, 0, 0],
      admitted,
      1,
    ),
  ).toBe(0);
  for (const [i, share] of models.shares.entries()) {
    expect(share).toBeCloseTo(
      admitted.mix.free * (shares.free[i] ?? 0) + admitted.mix.premium * (shares.premium[i] ?? 0),
      9,
    );
  }
});
