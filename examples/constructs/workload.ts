import { LlmService, LlmWorker, PlatformNamespace, secretKey } from 'armature/constructs';
import { consumerTimeoutSeconds } from 'armature/contract';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { proofreader, proofs } from './proofreader.js';
import { image, team, translatorProps } from './team.js';

/** A service with a second release, and a worker. */
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
  }
}
