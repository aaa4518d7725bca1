import {
  type GatewayApiIngress,
  type GatewayIngress,
  LlmService,
  Mesh,
  PlatformNamespace,
  PublicIngress,
  podsOf,
} from 'armature/constructs';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { path, route } from './request-path.js';
import { team, translatorProps } from './team.js';
import { translator } from './translator.js';

const outside = { host: 'translate.example.com', clusterIssuer: 'letsencrypt' };
/** Two ways in, by Istio's own objects or by the Gateway API's. */
export const entrances = {
  gateway: PublicIngress.gateway(outside),
  gatewayApi: PublicIngress.gatewayApi(outside),
};

/** A service of a mesh that is reached from outside, by the gateway alone. */
export class ReachedFromOutside extends Chart {
  constructor(scope: Construct, ingress: GatewayIngress | GatewayApiIngress) {
    super(scope, 'entrance');
    const platform = new PlatformNamespace(this, 'namespace', team);
    new LlmService(this, 'translator', { ...translatorProps, platform, replicas: 3 });
    const gateway = PublicIngress.callerOf(ingress);
    new Mesh(this, 'mesh', {
      platform,
      members: [translator],
      connections: gateway ? [{ from: gateway, to: podsOf(translator), port: translator.port }] : [],
      accountsElsewhere: { [ingress.gatewayNamespace]: ingress.gatewayServiceAccount },
    });
    new PublicIngress(this, 'ingress', {
      ...route,
      platform,
      service: translator,
      paths: ['/translate'],
      timeoutMs: path.gatewayMs,
      ingress,
    });
  }
}
