import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { ServiceSpec } from '../../contract/vocabulary/index.js';
import type { Connection, Peer } from '../connection.js';
import type { MeshMode } from '../mesh-mode.js';
import { objectMeta, type PlatformContext, platformMeta, podSelector } from '../platform-context.js';

export interface MeshProps {
  readonly platform: PlatformContext;
  /** Processes that are members of the mesh. */
  readonly members: readonly Pick<ServiceSpec, 'name' | 'port'>[];
  /** The same connections that the network policies allow. */
  readonly connections: readonly Connection[];
  /** Service account of pods elsewhere that call a member, such as an ingress gateway's, by namespace. @default none */
  readonly accountsElsewhere?: Readonly<Record<string, string>>;
}

/**
 * Istio's side of the platform's security: mutual TLS only, and each member open to its callers alone, by their identity.
 * Writes nothing where the platform has no mesh.
 */
export class Mesh extends Construct {
  /** A proxy beside each process. Needs Istio with its CNI plugin, for Pod Security `restricted` refuses `istio-init`. */
  static sidecar(props: { readonly cni: true }): MeshMode {
    return { kind: 'sidecar', ...props };
  }

  /** A proxy on each node. Needs Istio's ambient profile. */
  static ambient(): MeshMode {
    return { kind: 'ambient' };
  }

  /** No mesh, and why: traffic inside the cluster is neither encrypted nor authenticated. */
  static none(why: string): MeshMode {
    return { kind: 'none', why };
  }

  readonly peerAuthentication?: ApiObject;
  readonly authorizationPolicies: readonly ApiObject[];

  constructor(scope: Construct, id: string, props: MeshProps) {
    super(scope, id);
    const { platform, members, connections } = props;
    if (platform.mesh.kind === 'none') {
      this.authorizationPolicies = [];
      return;
    }
    this.peerAuthentication = new ApiObject(this, 'mutual-tls', {
      apiVersion: SECURITY_API,
      kind: 'PeerAuthentication',
      metadata: platformMeta(platform, 'mutual-tls'),
      spec: { mtls: { mode: 'STRICT' } },
    });
    this.authorizationPolicies = members.map((member) => {
      const callers = connections.filter(({ to }) => to.kind === 'pods' && to.name === member.name);
      const principals = callers.flatMap(({ from }) => principalOf(props, from) ?? []);
      return new ApiObject(this, member.name, {
        apiVersion: SECURITY_API,
        kind: 'AuthorizationPolicy',
        metadata: objectMeta(platform, member),
        spec: {
          selector: { matchLabels: podSelector(platform, member) },
          action: 'ALLOW',
          // By identity and port only: the ambient mode's node proxy knows no more. Without a rule nobody may call.
          ...(principals.length > 0 && {
            rules: [{ from: [{ source: { principals } }], to: [{ operation: { ports: [String(member.port)] } }] }],
          }),
        },
      });
    });
  }
}

const SECURITY_API = 'security.istio.io/v1';

function principalOf({ platform, accountsElsewhere }: MeshProps, peer: Peer): string | undefined {
  if (peer.kind === 'pods') return principal(platform.namespace, peer.name);
  if (peer.kind === 'addresses') return undefined;
  const account = accountsElsewhere?.[peer.namespace];
  return account === undefined ? undefined : principal(peer.namespace, account);
}

/** The identity that Istio's certificates carry. */
function principal(namespace: string, serviceAccount: string): string {
  return `cluster.local/ns/${namespace}/sa/${serviceAccount}`;
}
