import { Backups, PlatformNamespace, Qdrant, secretKey } from 'armature/constructs';
import { ports, qdrant } from 'armature/contract';
import { thirdPartyImages as images } from 'armature/stacks';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { resources, team } from './team.js';

/** Three nodes of Qdrant, which keep each vector twice. */
export class Vectors extends Chart {
  constructor(scope: Construct) {
    super(scope, 'vectors');
    const platform = new PlatformNamespace(this, 'namespace', team);
    new Qdrant(this, 'qdrant', {
      platform,
      spec: qdrant,
      choice: Qdrant.inCluster({
        replicas: 3,
        storage: '50Gi',
        resources,
        backups: Backups.none('the vectors are made again from the documents'),
        apiKey: secretKey('qdrant', 'api-key'),
        readOnlyApiKey: secretKey('qdrant', 'read-only-api-key'),
      }),
      image: images.qdrant,
      clientImage: images.curl,
      nodePort: ports.qdrantPeers,
    });
  }
}
