import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import * as z from 'zod';
import { type Endpoint, wellKnownPorts } from '../../contract/vocabulary/index.js';
import type { Connection, Peer } from '../connection.js';
import { holdProps, propForms } from '../hold-props.js';
import { objectMeta, type PlatformContext, platformMeta, podSelector } from '../platform-context.js';

export interface NetworkPoliciesProps {
  readonly platform: PlatformContext;
  /** Everything that runs in the platform's namespace. */
  readonly endpoints: readonly Pick<Endpoint, 'name'>[];
  readonly connections: readonly Connection[];
}

const peer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pods'), name: propForms.name }),
  z.object({ kind: z.literal('pods-elsewhere'), namespace: propForms.name, labels: z.record(z.string(), z.string()) }),
  z.object({
    kind: z.literal('addresses'),
    cidrs: z.array(propForms.addressRange).min(1, 'must have an address range: none lets nobody through'),
    except: z.array(propForms.addressRange).optional(),
  }),
]);
const policyProps = z.object({ connections: z.array(z.object({ from: peer, to: peer, port: propForms.port })) });

/**
 * Denies every connection in the namespace, then allows the given ones, each at both its ends, and name resolution.
 * One policy for each endpoint tells all that its pods may do.
 */
export class NetworkPolicies extends Construct {
  readonly denyAll: k8s.KubeNetworkPolicy;
  readonly policies: ReadonlyMap<string, k8s.KubeNetworkPolicy>;

  /** @throws if a connection names pods that are not among the endpoints. */
  constructor(scope: Construct, id: string, props: NetworkPoliciesProps) {
    super(scope, id);
    holdProps(this, policyProps, props);
    const { platform, connections } = props;
    const names = props.endpoints.map(({ name }) => name);
    for (const peer of connections.flatMap(({ from, to }) => [from, to])) {
      if (peer.kind === 'pods' && !names.includes(peer.name)) {
        throw new Error(
          `${this.node.path}: a connection names "${peer.name}", which does not run here (${names.join(', ')}).`,
        );
      }
    }
    // Neither list is written: an empty one would be a change at every server-side apply.
    this.denyAll = new k8s.KubeNetworkPolicy(this, 'deny-all', {
      metadata: platformMeta(platform, 'deny-all'),
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
    this.allowDns(platform);
    this.allowMesh(platform);
    this.policies = new Map(
      props.endpoints.map((endpoint) => [endpoint.name, this.policyOf(platform, endpoint, connections)]),
    );
  }

  private policyOf(platform: PlatformContext, endpoint: Pick<Endpoint, 'name'>, connections: readonly Connection[]) {
    const isThis = (peer: Peer) => peer.kind === 'pods' && peer.name === endpoint.name;
    const ingress = connections
      .filter(({ to }) => isThis(to))
      .map(({ from, port }) => ({ from: policyPeers(platform, from), ports: policyPorts(platform, from, port) }));
    const egress = connections
      .filter(({ from }) => isThis(from))
      .map(({ to, port }) => ({ to: policyPeers(platform, to), ports: policyPorts(platform, to, port) }));
    return new k8s.KubeNetworkPolicy(this, endpoint.name, {
      metadata: objectMeta(platform, endpoint),
      spec: {
        podSelector: { matchLabels: podSelector(platform, endpoint) },
        policyTypes: ['Ingress', 'Egress'],
        ...(ingress.length > 0 && { ingress }),
        ...(egress.length > 0 && { egress }),
      },
    });
  }

  private allowDns(platform: PlatformContext): void {
    const port = k8s.IntOrString.fromNumber(wellKnownPorts.dns);
    new k8s.KubeNetworkPolicy(this, 'dns', {
      metadata: platformMeta(platform, 'allow-dns'),
      spec: {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [
          {
            to: [namespacedPods('kube-system', { 'k8s-app': 'kube-dns' })],
            ports: ['UDP', 'TCP'].map((protocol) => ({ port, protocol })),
          },
        ],
      },
    });
  }

  /** What Istio's own parts need: a sidecar its control plane, a pod of the ambient mesh the kubelet's probes. */
  private allowMesh(platform: PlatformContext): void {
    if (platform.mesh.kind === 'sidecar') {
      new k8s.KubeNetworkPolicy(this, 'mesh', {
        metadata: platformMeta(platform, 'allow-mesh'),
        spec: {
          podSelector: {},
          policyTypes: ['Egress'],
          egress: [
            { to: [namespacedPods('istio-system', { app: 'istiod' })], ports: [tcp(wellKnownPorts.istioControlPlane)] },
          ],
        },
      });
    } else if (platform.mesh.kind === 'ambient') {
      new k8s.KubeNetworkPolicy(this, 'mesh', {
        metadata: platformMeta(platform, 'allow-mesh'),
        spec: {
          podSelector: {},
          policyTypes: ['Ingress'],
          ingress: [{ from: [{ ipBlock: { cidr: AMBIENT_PROBE_ADDRESS } }] }],
        },
      });
    }
  }
}

/** Ambient mode rewrites the kubelet's probes to come from this address (istio.io, ambient, network policy). */
const AMBIENT_PROBE_ADDRESS = '169.254.7.127/32';

function policyPeers(platform: PlatformContext, peer: Peer): k8s.NetworkPolicyPeer[] {
  switch (peer.kind) {
    case 'pods':
      return [{ podSelector: { matchLabels: podSelector(platform, peer) } }];
    case 'pods-elsewhere':
      return [namespacedPods(peer.namespace, peer.labels)];
    case 'addresses':
      return peer.cidrs.map((cidr) => ({ ipBlock: { cidr, ...(peer.except && { except: [...peer.except] }) } }));
  }
}

function policyPorts(platform: PlatformContext, peer: Peer, port: number): k8s.NetworkPolicyPort[] {
  const tunnelled = platform.mesh.kind === 'ambient' && peer.kind !== 'addresses';
  return tunnelled ? [tcp(port), tcp(wellKnownPorts.istioHbone)] : [tcp(port)];
}

function namespacedPods(namespace: string, labels: Readonly<Record<string, string>>): k8s.NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels: { ...labels } },
  };
}

function tcp(port: number): k8s.NetworkPolicyPort {
  return { port: k8s.IntOrString.fromNumber(port), protocol: 'TCP' };
}
