import {
  type ImageRef,
  Mesh,
  type NodePool,
  type PlatformContext,
  type Resources,
  secretKey,
} from 'armature/constructs';
import { translator } from './translator.js';

/** A team's own cluster, sizes and image, for the single constructs that it takes. */
const anyNode: NodePool = { labels: {}, taints: {} };
export const team: PlatformContext = {
  namespace: 'translation',
  instance: 'translation',
  nodePools: { general: anyNode, compute: anyNode, memory: anyNode, network: anyNode, isolated: anyNode },
  mesh: Mesh.sidecar({ cni: true }),
};

export const image: ImageRef = {
  repository: 'registry.example.com/translation/translator',
  tag: '3.1.0',
  digest: `sha256:${'5f'.repeat(32)}`,
};
export const resources: Resources = {
  cpu: { request: '250m', limit: '1' },
  memory: { request: '256Mi', limit: '1Gi' },
  ephemeralStorage: '512Mi',
};

/** How the translator is deployed, wherever an example needs one. */
export const translatorProps = {
  spec: translator,
  version: 'v1',
  image,
  resources,
  settings: { modelKey: secretKey('model-provider', 'key') },
  drainSeconds: 40,
} as const;
