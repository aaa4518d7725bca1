import {
  type GatewayApiIngress,
  type GatewayIngress,
  LlmService,
  Mesh,
  PlatformNamespace,
  PublicIngress,
  podsOf,
  ServiceRoute,
} from 'armature/constructs';
import { requestPath } from 'armature/contract';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { glossary } from './glossary.js';
import { team, translatorProps } from './team.js';
import { translator } from './translator.js';

/** Every station waits for the next a little longer than that takes. */
const path = requestPath({ clientMs: 40_000, hopMs: 2_000, serviceCallMs: 10_000 });
const route = { timeoutMs: path.routeMs, requestPath: path, idleTimeoutSeconds: 60 };

const outside = { host: 'translate.example.com', clusterIssuer: 'letsencrypt' };
/** Two ways in, by Istio's own objects or by the Gateway API's. */
export const entrances = {
  gateway: PublicIngress.gateway(outside),
  gatewayApi: PublicIngress.gatewayApi(outside),
};

/** Two services in a mesh: one is reached from outside, the other is called by it alone. */
export class MeshAndIngress extends Chart {
  constructor(scope: Construct, ingress: GatewayIngress | GatewayApiIngress = entrances.gateway) {
    super(scope, 'mesh-and-ingress');
    const platform = new PlatformNamespace(this, 'namespace', team);
    const service = new LlmService(this, 'translator', { ...translatorProps, platform, replicas: 3 });
    const words = new LlmService(this, 'glossary', { ...translatorProps, platform, spec: glossary, replicas: 2 });

    new ServiceRoute(this, 'translator-route', { ...route, service });
    new ServiceRoute(this, 'glossary-route', { ...route, service: words });

    const caller = PublicIngress.callerOf(ingress);
    new Mesh(this, 'mesh', {
      platform,
      members: [translator, glossary],
      connections: [
        { from: podsOf(translator), to: podsOf(glossary), port: glossary.port },
        ...(caller ? [{ from: caller, to: podsOf(translator), port: translator.port }] : []),
      ],
      accountsElsewhere: { [ingress.gatewayNamespace]: ingress.gatewayServiceAccount },
    });
    new PublicIngress(this, 'ingress', {
      platform,
      service: translator,
      paths: ['/translate'],
      timeoutMs: path.gatewayMs,
      requestPath: path,
      idleTimeoutSeconds: route.idleTimeoutSeconds,
      ingress,
    });
  }
}
