import type { Construct } from 'constructs';
import { Backups, Mesh, PublicIngress, unpinned } from '../../constructs/index.js';
import type { EnvironmentConfigInput } from '../environment-config.js';
import { Scaling } from '../scaling.js';
import { Dev, dev } from './dev.js';

const own = { storage: '1Gi', backups: Backups.none('one machine holds nothing that is nowhere else') } as const;

/** One small cluster on one machine, such as kind or minikube: nothing to install first, and no key of a model provider. */
export const local = {
  ...dev,
  name: 'local',
  image: {
    repository: 'docker.io/library/armature',
    tag: 'local',
    digest: unpinned('built on this machine'),
    loaded: true,
  },
  // Where kind and minikube put their API server.
  controlPlaneCidrs: ['172.16.0.0/12', '192.168.0.0/16'],
  mesh: Mesh.none('one machine has no wire to protect'),
  ingress: PublicIngress.none('kubectl port-forward reaches the gateway'),
  scaling: Scaling.fixed(1, 'one machine has no room to scale'),
  resources: {
    cpu: { request: '50m', limit: '1' },
    memory: { request: '128Mi', limit: '512Mi' },
    ephemeralStorage: '256Mi',
  },
  redis: { ...dev.redis, ...own },
  postgres: { ...dev.postgres, ...own },
  objectStore: { ...dev.objectStore, ...own },
  rabbitmq: { ...dev.rabbitmq, ...own },
  qdrant: { ...dev.qdrant, ...own },
  monitoring: { ...dev.monitoring, storage: own.storage },
  providerKeys: {},
} as const satisfies EnvironmentConfigInput;

export class Local extends Dev {
  constructor(scope: Construct, config: EnvironmentConfigInput = local) {
    super(scope, config);
  }
}
