import type { Construct, IConstruct } from 'constructs';
import {
  AdmissionPolicies,
  type Connection,
  Mesh,
  NamespaceLimits,
  NetworkPolicies,
  type PlatformContext,
} from '../constructs/index.js';
import type { Endpoint, ServiceSpec } from '../contract/index.js';
import type { EnvironmentConfig } from './environment-config.js';

export interface PlatformPolicies {
  readonly networkPolicies: NetworkPolicies;
  readonly mesh: Mesh;
  readonly limits: NamespaceLimits;
  readonly admission: AdmissionPolicies;
}

export interface PlatformPoliciesProps {
  readonly platform: PlatformContext;
  readonly config: EnvironmentConfig;
  readonly services: readonly ServiceSpec[];
  /** Whatever else runs in the namespace. */
  readonly others: readonly Pick<Endpoint, 'name'>[];
  readonly connections: readonly Connection[];
  /** Whose pods call the Kubernetes API. */
  readonly apiClients: readonly Pick<Endpoint, 'name'>[];
  /** All that runs in the namespace stands below it. */
  readonly workloads: IConstruct;
}

/**
 * Who may reach whom, said twice: to the network by address, and to the mesh by identity; how much all may
 * take together, and what later manifests are held to.
 */
export function buildPolicies(scope: Construct, props: PlatformPoliciesProps): PlatformPolicies {
  const { platform, config, services, connections, workloads } = props;
  const { ingress, monitoring } = config;
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
      accountsElsewhere: {
        ...('gatewayServiceAccount' in ingress && { [ingress.gatewayNamespace]: ingress.gatewayServiceAccount }),
        ...(monitoring.kind === 'operator' && { [monitoring.namespace]: monitoring.serviceAccount }),
      },
    }),
    limits: new NamespaceLimits(scope, 'limits', {
      platform,
      workloads,
      defaults: config.resources,
      quota: config.quota,
    }),
    admission: new AdmissionPolicies(scope, 'admission', {
      platform,
      tokenAccounts: props.apiClients.map(({ name }) => name),
    }),
  };
}
