import type { Construct } from 'constructs';
import { Backups, type ImageRef, Mesh, PublicIngress, unpinned } from '../../constructs/index.js';
import { Dev, dev, type EnvironmentConfigInput, local, Scaling, thirdPartyImages } from '../../stacks/index.js';

/** What a queue's length makes of the workers: never fewer than the floor, never more than the ceiling. */
export const FLOOR = 2;
export const CEILING = 5;

/** Images under other names, where the cluster has stand-ins for what the environments name. */
const registry = process.env.CLUSTER_IMAGES;

function standIn(name: string): ImageRef {
  return { repository: `${registry}/${name}`, tag: 'test', digest: unpinned('made for this cluster'), loaded: true };
}

/** `redisExporter` is `redis-exporter` in a registry. */
function standIns(): Record<keyof typeof thirdPartyImages, ImageRef> {
  const named = Object.keys(thirdPartyImages).map((key) => [
    key,
    standIn(key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)),
  ]);
  return Object.fromEntries(named);
}

const own = { backups: Backups.none('the cluster ends with the test') } as const;

/** As many pods as a small node bears; only the workers may become more. */
const fixed = { maxReplicas: FLOOR } as const;

/** `dev` for a cluster of one small node that is thrown away: two of every process, and workers by the queue's length. */
const config = {
  ...dev,
  name: 'cluster-test',
  namespace: 'cluster-test',
  image: registry === undefined ? local.image : standIn('armature'),
  thirdPartyImages: registry === undefined ? thirdPartyImages : standIns(),
  // Where the API server of such a cluster can stand.
  controlPlaneCidrs: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  mesh: Mesh.none('one node has no wire to protect'),
  ingress: PublicIngress.none('the test reaches the gateway’s Service'),
  scaling: Scaling.autoscaled({
    minReplicas: FLOOR,
    maxReplicas: CEILING,
    behavior: {
      scaleUp: { stabilizationSeconds: 0, percent: 100, pods: 5, periodSeconds: 15, select: 'Max' },
      scaleDown: { stabilizationSeconds: 15, percent: 100, pods: 5, periodSeconds: 15, select: 'Max' },
    },
  }),
  services: { gateway: fixed, chat: fixed, rag: fixed, agent: fixed, memory: fixed, orchestrator: fixed },
  resources: local.resources,
  redis: { ...local.redis, ...own },
  postgres: { ...local.postgres, ...own },
  objectStore: { ...local.objectStore, ...own },
  rabbitmq: { ...local.rabbitmq, ...own },
  qdrant: { ...local.qdrant, ...own },
  monitoring: local.monitoring,
  providerKeys: {},
} as const satisfies EnvironmentConfigInput;

export class ClusterTest extends Dev {
  constructor(scope: Construct) {
    super(scope, config);
  }
}
