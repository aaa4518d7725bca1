import { expect } from '@jest/globals';
import { at, type Manifest } from '../support/cluster.js';
import type { ControlPlane } from './control-plane.js';

/** The pod that a workload's controller would make first: of a StatefulSet with the claims that it makes for it. */
export function firstPod({ metadata, spec }: Manifest): Manifest {
  const { namespace } = metadata;
  const name = `${metadata.name}-0`;
  const claims = (at(spec, 'volumeClaimTemplates') ?? []) as readonly Pick<Manifest, 'metadata'>[];
  const claimed = claims.map((claim) => ({
    name: claim.metadata.name,
    persistentVolumeClaim: { claimName: `${claim.metadata.name}-${name}` },
  }));
  const volumes = (at(spec, 'template.spec.volumes') ?? []) as readonly object[];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...(at(spec, 'template.metadata') as object), name, ...(namespace !== undefined && { namespace }) },
    spec: { ...(at(spec, 'template.spec') as object), volumes: [...volumes, ...claimed] },
  };
}

/** What its controller would do: the API server admits nothing under a quota of which nobody has counted what is used. */
export async function openQuota(server: ControlPlane, quota: Manifest): Promise<void> {
  const hard = at(quota, 'spec.hard') as Record<string, string>;
  const used = Object.fromEntries(Object.keys(hard).map((key) => [key, '0']));
  const { status } = await server.patch(quota, { status: { hard, used } }, '/status');
  expect(status).toBe(200);
}
