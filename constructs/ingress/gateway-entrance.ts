import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import {
  type HttpRoute,
  istioDuration,
  NETWORKING_API,
  NO_RETRIES,
  wellKnownPorts,
} from '../../contract/vocabulary/index.js';
import { trafficPolicy } from '../mesh/traffic-policy.js';
import { objectMeta } from '../platform-context.js';
import { publicCertificate } from './certificate.js';
import type { GatewayIngress } from './ingress-choice.js';
import type { PublicIngressProps } from './public-ingress-props.js';

/** Istio's ingress gateway in front of a service: certificate, listeners, routes. */
export class GatewayEntrance extends Construct {
  readonly certificate: ApiObject;
  readonly gateway: ApiObject;
  readonly virtualService: ApiObject;
  readonly destinationRule: ApiObject;

  constructor(scope: Construct, id: string, props: PublicIngressProps & { readonly ingress: GatewayIngress }) {
    super(scope, id);
    const { platform, service, ingress } = props;
    const metadata = objectMeta(platform, service, 'public');
    const { certificate, secretName: credentialName } = publicCertificate(this, { platform, service, ingress });
    this.certificate = certificate;
    const hosts = [ingress.host];
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
    this.destinationRule = new ApiObject(this, 'destination-rule', {
      apiVersion: NETWORKING_API,
      kind: 'DestinationRule',
      metadata,
      spec: { host: service.name, trafficPolicy: trafficPolicy(props) },
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
