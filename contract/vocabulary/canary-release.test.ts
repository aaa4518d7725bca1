import { describe, expect, test } from '@jest/globals';
import { canaryReleaseSpec } from './canary-release.js';

const spec = {
  service: 'chat',
  port: 8080,
  timeoutMs: 1_000,
  slots: [
    { version: 'v1', deployment: 'chat' },
    { version: 'v2', deployment: 'chat-v2' },
  ],
};

describe('a release', () => {
  test('may have one step, and steps up to all traffic', () => {
    for (const stepPercents of [[100], [1, 2, 99, 100]]) {
      expect(canaryReleaseSpec.parse({ ...spec, policy: { stepPercents } }).policy.stepPercents).toEqual(stepPercents);
    }
  });

  test.each<[string, object, RegExp]>([
    ['steps that go down', { policy: { stepPercents: [50, 5, 100] } }, /steps 50, 5, 100 must ascend to 100/],
    ['a step twice', { policy: { stepPercents: [5, 5, 100] } }, /steps 5, 5, 100 must ascend to 100/],
    ['a last step of less', { policy: { stepPercents: [5, 50] } }, /steps 5, 50 must ascend to 100/],
    ['a step of 0 %', { policy: { stepPercents: [0, 100] } }, /0 is no step: .* from 1 that ascend to 100/],
    ['a step of a part of a percent', { policy: { stepPercents: [0.5, 100] } }, /0\.5 is no step/],
    [
      'one version in both slots',
      { slots: spec.slots.map(({ deployment }) => ({ version: 'v1', deployment })) },
      /both have the version .*v1/,
    ],
    [
      'one Deployment in both slots',
      { slots: spec.slots.map(({ version }) => ({ version, deployment: 'chat' })) },
      /both have the deployment .*chat/,
    ],
    ['more pods at least than at most', { minReplicas: 9, maxReplicas: 2 }, /9 pods are more than maxReplicas, 2/],
    ['a header with a space', { betaHeader: { name: 'X Beta', value: 'true' } }, /name of a header/],
    ['a header of two lines', { betaHeader: { name: 'X-Beta', value: 'a\nb' } }, /printable ASCII/],
  ])('cannot have %s', (_what, own, message) => {
    expect(canaryReleaseSpec.safeParse({ ...spec, ...own }).error?.message).toMatch(message);
  });
});
