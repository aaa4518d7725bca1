import { describe, expect, it } from '@jest/globals';
import type { V1DeploymentStatus } from '@kubernetes/client-node';
import { slotOfDeployment } from './slot-of-deployment.js';

/** Of a Deployment that is to have 8 pods, in its third generation. */
function slotWith(status: V1DeploymentStatus | undefined) {
  const template = { spec: { containers: [{ name: 'chat', image: 'chat:1' }] } };
  const spec = { replicas: 8, selector: {}, template };
  return slotOfDeployment({ metadata: { generation: 3 }, spec, ...(status && { status }) });
}

const settled = { observedGeneration: 3, replicas: 8, updatedReplicas: 8, readyReplicas: 8 };

describe('the slot that a Deployment makes', () => {
  it('has as many ready pods as are ready', () => {
    expect(slotWith(settled)).toMatchObject({ images: ['chat:1'], readyReplicas: 8, isRolledOut: true });
    expect(slotWith({ ...settled, readyReplicas: 5 })).toMatchObject({ readyReplicas: 5, isRolledOut: true });
  });

  it('has no more than it is to have: those of a surge go when the rollout has ended', () => {
    expect(slotWith({ ...settled, replicas: 10, updatedReplicas: 2, readyReplicas: 10 }).readyReplicas).toBe(8);
  });

  it.each<[string, V1DeploymentStatus | undefined]>([
    ['some of the pods are of another revision', { ...settled, replicas: 10, updatedReplicas: 9 }],
    ['none of the new one has come yet', { ...settled, updatedReplicas: 0 }],
    ['nobody has looked at the new template', { ...settled, observedGeneration: 2 }],
    ['nobody has ever looked at it', undefined],
  ])('is not rolled out while %s', (_what, status) => {
    expect(slotWith(status).isRolledOut).toBe(false);
  });
});
