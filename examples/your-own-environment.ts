import { PublicIngress } from 'armature/constructs';
import { type EnvironmentConfigInput, Production, production, Scaling } from 'armature/stacks';
import type { Construct } from 'constructs';

const frankfurt = {
  ...production,
  name: 'frankfurt',
  region: 'eu-central-2',
  controlPlaneCidrs: ['10.40.0.0/20'],
  ingress: PublicIngress.gateway({ host: 'llm.example.de', clusterIssuer: 'letsencrypt' }),
  scaling: Scaling.autoscaled({ maxReplicas: 30, latencyP99Seconds: 0.8 }),
  services: { rag: { minReplicas: 8 }, agent: { maxReplicas: 6 } },
} as const satisfies EnvironmentConfigInput;

/** Production, in another region and with other sizes. */
export class Frankfurt extends Production {
  constructor(scope: Construct) {
    super(scope, frankfurt);
  }
}
