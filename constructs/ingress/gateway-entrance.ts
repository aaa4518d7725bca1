import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { wellKnownPorts } from '../../contract/vocabulary/index.js';
import { type HttpRoute, istioDuration, NETWORKING_API, NO_RETRIES } from '../mesh/http-route.js';
import { objectMeta } from '../platform-context.js';
import type { GatewayIngress } from './ingress-choice.js';
import type { PublicIngressProps } from './public-ingress-props.js';

/** Istio's ingress gateway in front of a service: certificate, listeners, routes. */
export class GatewayEntrance extends Construct {
  readonly certificate: ApiObject;
  readonly gateway: ApiObject;
  readonly virtualService: ApiObject;

  constructor(scope: Construct, id: string, props: PublicIngressProps & { readonly ingress: GatewayIngress }) {
    super(scope, id);
    const { platform, service, ingress } = props;
    const metadata = objectMeta(platform, service, 'public');
    const credentialName = `${platform.namespace}-public-tls`;
    const hosts = [ingress.host];

    this.certificate = new ApiObject(this, 'certificate', {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { ...metadata, name: credentialName, namespace: ingress.gatewayNamespace },
      spec: {
        secretName: credentialName,
        dnsNames: hosts,
        issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: ingress.clusterIssuer },
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      },
    });
    this.gateway = new ApiObject(this, 'gateway', {
      apiVersion: NETWORKING_API,
      kind: 'Gateway',
      metadata,
      spec: {
        selector: ingress.gatewayLabels,
        servers: [
          {
            hosts,
            port: { number: wellKnownPorts.https, name: 'https', protocol: 'HTTPS' },
            tls: { mode: 'SIMPLE', credentialName, minProtocolVersion: 'TLSV1_2' },
          },
          {
            hosts,
            port: { number: wellKnownPorts.http, name: 'http', protocol: 'HTTP' },
            tls: { httpsRedirect: true },
          },
        ],
      },
    });
    this.virtualService = new ApiObject(this, 'virtual-service', {
      apiVersion: NETWORKING_API,
      kind: 'VirtualService',
      metadata,
      spec: { hosts, gateways: [`${platform.namespace}/public`], http: routes(props) },
    });
  }
}

function routes({ service, paths, webSocketPaths = [], timeoutMs }: PublicIngressProps): HttpRoute[] {
  const route = [{ destination: { host: service.name, port: { number: service.port } } }];
  const prefixes = (wanted: readonly string[]) => wanted.map((prefix) => ({ uri: { prefix } }));
  const requests = paths.filter((path) => !webSocketPaths.includes(path));
  return [
    ...(webSocketPaths.length > 0
      ? [{ name: 'websocket', match: prefixes(webSocketPaths), route, retries: NO_RETRIES }]
      : []),
    { name: 'requests', match: prefixes(requests), route, timeout: istioDuration(timeoutMs), retries: NO_RETRIES },
  ];
}
