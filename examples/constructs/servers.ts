import {
  DATA_VOLUME,
  httpProbe,
  PlatformNamespace,
  StatefulServer,
  StatelessServer,
  tcpProbe,
} from 'armature/constructs';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { image, resources, team } from './team.js';

/** Two servers beside the services: one keeps something, the other does not and sees each client come back to the same pod. */
export class Servers extends Chart {
  constructor(scope: Construct) {
    super(scope, 'servers');
    const platform = new PlatformNamespace(this, 'namespace', team);
    const server = { platform, placement: 'general', terminationGraceSeconds: 30, ports: { http: 8110 } } as const;
    const container = { image, resources, ports: server.ports };
    const alive = { livenessProbe: tcpProbe('http', 10) };
    const readinessProbe = httpProbe({ path: '/ready', initialDelaySeconds: 5, periodSeconds: 5 }, 'http');

    new StatefulServer(this, 'dictionary', {
      ...server,
      name: 'dictionary',
      replicas: 3,
      storage: '5Gi',
      containers: [
        {
          ...container,
          name: 'dictionary',
          mounts: [{ name: DATA_VOLUME, mountPath: '/var/lib/dictionary' }],
          probes: { ...alive, readinessProbe },
        },
      ],
    });
    new StatelessServer(this, 'spelling', {
      ...server,
      name: 'spelling',
      replicas: 2,
      clientAffinitySeconds: 600,
      containers: [{ ...container, name: 'spelling', probes: { ...alive, readinessProbe } }],
    });
  }
}
