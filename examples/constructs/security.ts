import {
  AdmissionPolicies,
  type Connection,
  internet,
  LlmService,
  NamespaceLimits,
  NetworkPolicies,
  PlatformNamespace,
  podsElsewhere,
  podsOf,
} from 'armature/constructs';
import { defineService, wellKnownPorts } from 'armature/contract';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { resources, team, translatorProps } from './team.js';
import { translator } from './translator.js';

const reviewer = defineService({ ...translator, name: 'reviewer', description: 'Rates translations.', port: 8103 });

/** All that may be connected. Whatever is not here is denied. */
const connections: readonly Connection[] = [
  { from: podsElsewhere('istio-ingress', { istio: 'ingressgateway' }), to: podsOf(translator), port: translator.port },
  { from: podsOf(reviewer), to: podsOf(translator), port: translator.port },
  ...[translator, reviewer].map((spec) => ({ from: podsOf(spec), to: internet(), port: wellKnownPorts.https })),
];

/** A namespace that keeps its promises, whoever adds to it later: who may connect, what all take together, what is admitted. */
export class Security extends Chart {
  constructor(scope: Construct) {
    super(scope, 'security');
    const platform = new PlatformNamespace(this, 'namespace', team);
    for (const spec of [translator, reviewer]) {
      new LlmService(this, spec.name, { ...translatorProps, platform, spec, replicas: 3 });
    }
    new NetworkPolicies(this, 'network-policies', { platform, endpoints: [translator, reviewer], connections });
    // Counted at synthesis: every pod below this chart, in the middle of an update.
    new NamespaceLimits(this, 'limits', {
      platform,
      workloads: this,
      defaults: resources,
      quota: { cpu: '8', memory: '16Gi', pods: 20 },
    });
    new AdmissionPolicies(this, 'admission', { platform, tokenAccounts: [] });
  }
}
