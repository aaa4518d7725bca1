/** A pod as its proxy names it. */
export interface Proxied {
  readonly name: string;
  readonly namespace: string;
  /** By which istiod finds what is told of it. */
  readonly labels: Readonly<Record<string, string>>;
  /** By which istiod knows one pod from another. */
  readonly address: string;
}

/**
 * What an Envoy is given to begin with: that it is the proxy of a pod, of which one, and where istiod and the pod's certificates are. All else it is told
 * from there.
 * @param from ports of loopback, and the path of a socket
 */
export function envoyBootstrap(
  { name, namespace, labels, address }: Proxied,
  from: { readonly admin: number; readonly xds: number; readonly certificates: string },
): object {
  const loopback = (port: number) => ({ socket_address: { address: '127.0.0.1', port_value: port } });
  const asked = { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' };
  return {
    node: {
      id: `sidecar~${address}~${name}.${namespace}~${namespace}.svc.cluster.local`,
      cluster: `${name}.${namespace}`,
      metadata: { CLUSTER_ID: 'Kubernetes', NAMESPACE: namespace, LABELS: labels, INTERCEPTION_MODE: 'NONE' },
    },
    admin: { address: loopback(from.admin) },
    dynamic_resources: {
      lds_config: asked,
      cds_config: asked,
      ads_config: {
        api_type: 'DELTA_GRPC',
        set_node_on_first_message_only: true,
        transport_api_version: 'V3',
        grpc_services: [{ envoy_grpc: { cluster_name: 'istiod' } }],
      },
    },
    static_resources: {
      // The latter by the name that istiod takes it to have.
      clusters: [
        grpcServer('istiod', loopback(from.xds)),
        grpcServer('sds-grpc', { pipe: { path: from.certificates } }),
      ],
    },
  };
}

function grpcServer(name: string, address: object): object {
  const http = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  return {
    name,
    type: 'STATIC',
    typed_extension_protocol_options: {
      [http]: { '@type': `type.googleapis.com/${http}`, explicit_http_config: { http2_protocol_options: {} } },
    },
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
  };
}
