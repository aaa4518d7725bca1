import {
  DATA_VOLUME,
  httpProbe,
  LlmService,
  LlmWorker,
  PlatformNamespace,
  StatefulServer,
  StatelessServer,
  secretKey,
  tcpProbe,
} from 'armature/constructs';
import { consumerTimeoutSeconds } from 'armature/contract';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { image, resources, team, translatorProps } from './team.js';
import { proofreader, proofs } from './translator.js';

/** A service with a second release, a worker, and two servers beside them. */
export class Workloads extends Chart {
  constructor(scope: Construct) {
    super(scope, 'workload');
    const platform = new PlatformNamespace(this, 'namespace', team);

    const service = new LlmService(this, 'translator', { ...translatorProps, platform, replicas: 3 });
    service.addRelease({ ...translatorProps, version: 'v2', image: { ...image, tag: '3.2.0' }, replicas: 2 });

    new LlmWorker(this, 'proofreader', {
      ...translatorProps,
      platform,
      spec: proofreader,
      settings: {
        rabbitmqUrl: 'amqps://translation@mq.example.com',
        rabbitmqPassword: secretKey('rabbitmq', 'password'),
      },
      replicas: 2,
      drainSeconds: proofs.hardLimitSeconds,
      consumes: { tasks: [proofs], consumerTimeoutSeconds: consumerTimeoutSeconds([proofs]) },
    });

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
      containers: [{ ...container, name: 'spelling', probes: { ...alive, readinessProbe } }],
    });
  }
}
