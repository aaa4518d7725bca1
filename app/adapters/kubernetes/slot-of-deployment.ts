import type { V1Deployment } from '@kubernetes/client-node';
import type { Slot } from '../../canary/release-cluster.js';
import { templateRevision } from './template-revision.js';

/** What stands in a slot, by what the Deployment says of it. */
export function slotOfDeployment({ metadata, spec, status = {} }: V1Deployment): Slot {
  const { replicas = 0, updatedReplicas = 0, readyReplicas = 0, observedGeneration = 0 } = status;
  return {
    revision: templateRevision(spec?.template),
    images: spec?.template.spec?.containers.map(({ image = '' }) => image) ?? [],
    // While it rolls there are more for a moment. Who takes them for a floor has the autoscaler keep them, and the next rollout add to them.
    readyReplicas: Math.min(readyReplicas, spec?.replicas ?? 0),
    // What the status says of a template that it has not seen is said of the one before.
    isRolledOut: observedGeneration >= (metadata?.generation ?? 0) && updatedReplicas === replicas,
  };
}
