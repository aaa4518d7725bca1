import { at, type Manifest } from '../support/cluster.js';
import type { ControlPlane } from './control-plane.js';

/** What a cluster has before an environment comes to it: the namespace of Istio's ingress gateway, where its certificate must stand. */
export const prerequisites: readonly Manifest[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-ingress' } },
];

export interface Applied {
  /** What the server refused or warned of. */
  readonly complaints: readonly string[];
  readonly resourceVersions: readonly unknown[];
}

/** Applies one object after the other, as kubectl applies files, and goes on after what is refused. */
export async function applyInOrder(server: ControlPlane, objects: readonly Manifest[]): Promise<Applied> {
  const complaints: string[] = [];
  const resourceVersions: unknown[] = [];
  for (const object of objects) {
    const { status, warnings, body } = await server.apply(object);
    const name = `${object.kind}/${object.metadata.name}`;
    if (status >= 300) complaints.push(`${name}: ${status} ${body.message}`);
    complaints.push(...warnings.map((warning) => `${name}: ${warning}`));
    resourceVersions.push(at(body, 'metadata.resourceVersion'));
  }
  return { complaints, resourceVersions };
}

/** As they stand in the server: a second apply that changes nothing answers the same. */
export async function resourceVersions(server: ControlPlane, objects: readonly Manifest[]): Promise<unknown[]> {
  const versions: unknown[] = [];
  for (const object of objects) versions.push(at((await server.get(object)).body, 'metadata.resourceVersion'));
  return versions;
}
