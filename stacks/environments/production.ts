import type { Construct } from 'constructs';
import { Mesh, PublicIngress, unpinned } from '../../constructs/index.js';
import type { EnvironmentConfigInput } from '../environment-config.js';
import { thirdPartyImages } from '../images.js';
import { separatePools } from '../node-pools.js';
import { PlatformStack } from '../platform-stack.js';
import { Scaling } from '../scaling.js';
import { secrets } from '../secret-names.js';
import { chapterResources } from '../sizes.js';
import { productionObservability } from './production-observability.js';
import { productionStores, VPC_CIDRS } from './production-stores.js';

const digest = unpinned('the release pipeline pins the digest of what it has built');
const image = { repository: 'ghcr.io/armature/armature', tag: '0.1.0', digest };

/** The chapter's figures: replicas and nodes of 32.1 (from the contract), resources and scaling of 32.4, the canary of 32.6. */
export const production = {
  name: 'production',
  namespace: 'armature',
  region: 'eu-central-1',
  image,
  thirdPartyImages,
  nodePools: separatePools(),
  controlPlaneCidrs: VPC_CIDRS,
  mesh: Mesh.sidecar({ cni: true }),
  ingress: PublicIngress.gateway({ host: 'llm.example.com', clusterIssuer: 'letsencrypt' }),
  resources: chapterResources,
  scaling: Scaling.autoscaled({ maxReplicas: 50 }),
  services: {},
  // A release begins with another tag in the slot that is not stable: here first (docs/how-to/canary.md).
  canary: { service: 'chat', image },
  ...productionStores,
  ...productionObservability,
  tokenSecret: secrets.tokens,
  providerKeys: secrets.providers,
} as const satisfies EnvironmentConfigInput;

export class Production extends PlatformStack {
  constructor(scope: Construct, config: EnvironmentConfigInput = production) {
    super(scope, config);
  }
}
