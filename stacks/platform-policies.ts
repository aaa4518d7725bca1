import type { Construct } from 'constructs';
import { type Connection, Mesh, NetworkPolicies, type PlatformContext } from '../constructs/index.js';
import type { Endpoint, ServiceSpec } from '../contract/index.js';
import type { EnvironmentConfig } from './environment-config.js';

export interface PlatformPolicies {
  readonly networkPolicies: NetworkPolicies;
  readonly mesh: Mesh;
}

export interface PlatformPoliciesProps {
  readonly platform: PlatformContext;
  readonly config: EnvironmentConfig;
  readonly services: readonly ServiceSpec[];
  /** Whatever else runs in the namespace. */
  readonly others: readonly Pick<Endpoint, 'name'>[];
  readonly connections: readonly Connection[];
}

/** Who may reach whom, said twice: to the network by address, and to the mesh by identity. */
export function buildPolicies(scope: Construct, props: PlatformPoliciesProps): PlatformPolicies {
  const { platform, config, services, connections } = props;
  const { ingress } = config;
  return {
    networkPolicies: new NetworkPolicies(scope, 'network-policies', {
      platform,
      endpoints: [...services, ...props.others],
      connections,
    }),
    mesh: new Mesh(scope, 'mesh', {
      platform,
      members: services,
      connections,
      ...(ingress.kind === 'gateway' && {
        accountsElsewhere: { [ingress.gatewayNamespace]: ingress.gatewayServiceAccount },
      }),
    }),
  };
}
