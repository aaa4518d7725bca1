import { LlmService, Mesh, PlatformNamespace, PublicIngress } from 'armature/constructs';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { team, translatorProps } from './team.js';
import { translator } from './translator.js';

/** A service behind ingress-nginx, in a cluster that has it and no mesh. */
export class NginxIngress extends Chart {
  constructor(scope: Construct) {
    super(scope, 'nginx-ingress');
    // A mesh with mutual TLS would not let in a controller that stands outside it.
    const mesh = Mesh.none('the cluster has no Istio');
    const platform = new PlatformNamespace(this, 'namespace', { ...team, mesh });
    new LlmService(this, 'translator', { ...translatorProps, platform, replicas: 3 });
    new PublicIngress(this, 'ingress', {
      platform,
      service: translator,
      paths: ['/translate'],
      timeoutMs: 38_000,
      idleTimeoutSeconds: 60,
      ingress: PublicIngress.nginx({
        host: 'translate.example.com',
        clusterIssuer: 'letsencrypt',
        requestsPerSecond: 10,
        connections: 20,
      }),
    });
  }
}
