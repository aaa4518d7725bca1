import { spawnSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import { seededRandom } from '../../app/canary/seeded-random.fixture.js';
import { type HpaCase, randomCase } from '../../sim/hpa/random-case.fixture.js';
import { tool } from './tools.js';

const CASES = 1_000;
const SYNCS = 60;

/** Every reason that a controller whose target is there can give. */
const REASONS = [
  ...[
    'DesiredWithinRange',
    'FailedGetContainerResourceMetric',
    'FailedGetExternalMetric',
    'FailedGetObjectMetric',
    'FailedGetPodsMetric',
  ],
  ...['FailedGetResourceMetric', 'ReadyForNewScale', 'ScaleDownLimit', 'ScaleDownStabilized', 'ScaleUpLimit'],
  ...['ScaleUpStabilized', 'ScalingDisabled', 'SucceededGetScale', 'SucceededRescale', 'TooFewReplicas'],
  ...['TooManyReplicas', 'ValidMetricFound'],
];

/** What kube-controller-manager's own code decides for the same cases (tools/go/kubernetes/hpa-replay). */
function decidedByKubernetes(cases: readonly HpaCase[]): readonly HpaCase['decisions'][] {
  const input = cases
    .map(({ decisions: _, ...one }) =>
      JSON.stringify(one, (_key, value) => (value instanceof Map ? Object.fromEntries(value) : value)),
    )
    .join('\n');
  const { status, stdout, stderr } = spawnSync(tool('hpa-replay'), {
    input,
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`hpa-replay ended with ${status}:\n${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as HpaCase['decisions']);
}

test(`decides as the real controller does, at each of ${SYNCS} syncs of ${CASES} random cases, with the same conditions`, () => {
  const random = seededRandom(20_260_901);
  const cases = Array.from({ length: CASES }, () => randomCase(random, SYNCS));
  const real = decidedByKubernetes(cases);
  expect(real).toHaveLength(CASES);
  const reasons = new Set<string>();
  let changes = 0;
  for (const [i, { decisions, spec, steps }] of cases.entries()) {
    for (const [sync, ours] of decisions.entries()) {
      for (const { reason } of Object.values(ours.conditions)) reasons.add(reason);
      if (isDeepStrictEqual(ours, real[i]?.[sync])) continue;
      expect({ case: i, sync, spec, ...ours }).toEqual({ case: i, sync, spec, ...real[i]?.[sync] });
    }
    changes += decisions.filter(({ replicas }, sync) => replicas !== steps[sync]?.specReplicas).length;
  }
  // Cases in which nothing moves would show nothing.
  expect(changes).toBeGreaterThan(4 * CASES);
  expect([...reasons].sort()).toEqual(REASONS);
});
