/** A proxy has an address in its name; nobody asks this one by it. */
const POD_ADDRESS = '192.0.2.1';

/**
 * What an Envoy is given to begin with: that it is the proxy of a pod, of which one, and where istiod is. All else it is told from there.
 * @param labels of the pod
 */
export function envoyBootstrap(
  namespace: string,
  labels: Readonly<Record<string, string>>,
  ports: { readonly admin: number; readonly xds: number },
): object {
  const loopback = (port: number) => ({ socket_address: { address: '127.0.0.1', port_value: port } });
  const http = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  const asked = { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' };
  return {
    node: {
      id: `sidecar~${POD_ADDRESS}~caller.${namespace}~${namespace}.svc.cluster.local`,
      cluster: `caller.${namespace}`,
      metadata: { CLUSTER_ID: 'Kubernetes', NAMESPACE: namespace, LABELS: labels, INTERCEPTION_MODE: 'NONE' },
    },
    admin: { address: loopback(ports.admin) },
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
      clusters: [
        {
          name: 'istiod',
          type: 'STATIC',
          typed_extension_protocol_options: {
            [http]: { '@type': `type.googleapis.com/${http}`, explicit_http_config: { http2_protocol_options: {} } },
          },
          load_assignment: {
            cluster_name: 'istiod',
            endpoints: [{ lb_endpoints: [{ endpoint: { address: loopback(ports.xds) } }] }],
          },
        },
      ],
    },
  };
}
