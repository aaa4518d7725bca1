import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { istioDuration, NETWORKING_API, wellKnownPorts } from '../../contract/vocabulary/index.js';
import { trafficPolicy } from '../mesh/traffic-policy.js';
import { objectMeta } from '../platform-context.js';
import { publicCertificate } from './certificate.js';
import type { GatewayApiIngress } from './ingress-choice.js';
import type { PublicIngressProps } from './public-ingress-props.js';

const GATEWAY_API = 'gateway.networking.k8s.io/v1';

/** GatewayClass of Istio's own controller. */
const ISTIO_CLASS = 'istio';

/** An entrance by the Gateway API: certificate and listeners beside the gateway's pods, routes beside the service. */
export class GatewayApiEntrance extends Construct {
  readonly certificate: ApiObject;
  readonly gateway: ApiObject;
  readonly route: ApiObject;
  readonly redirect: ApiObject;
  /** Absent where the class is not Istio's, which alone knows it. */
  readonly destinationRule?: ApiObject;

  constructor(scope: Construct, id: string, props: PublicIngressProps & { readonly ingress: GatewayApiIngress }) {
    super(scope, id);
    const { platform, service, ingress } = props;
    const metadata = objectMeta(platform, service, 'public');
    const { certificate, secretName } = publicCertificate(this, { platform, service, ingress });
    this.certificate = certificate;
    const listener = (name: 'http' | 'https') => ({
      name,
      hostname: ingress.host,
      port: wellKnownPorts[name],
      protocol: name.toUpperCase(),
      allowedRoutes: {
        namespaces: {
          from: 'Selector',
          selector: { matchLabels: { 'kubernetes.io/metadata.name': platform.namespace } },
        },
      },
    });
    // Its controller runs the gateway's pods in the namespace of this object, so it is not the platform's.
    this.gateway = new ApiObject(this, 'gateway', {
      apiVersion: GATEWAY_API,
      kind: 'Gateway',
      metadata: { ...metadata, name: ingress.gatewayName, namespace: ingress.gatewayNamespace },
      spec: {
        gatewayClassName: ingress.gatewayClassName,
        listeners: [
          { ...listener('https'), tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: secretName }] } },
          listener('http'),
        ],
      },
    });
    const route = (id: string, sectionName: 'http' | 'https', rules: readonly object[]) =>
      new ApiObject(this, id, {
        apiVersion: GATEWAY_API,
        kind: 'HTTPRoute',
        metadata: { ...metadata, name: id },
        spec: {
          parentRefs: [{ name: ingress.gatewayName, namespace: ingress.gatewayNamespace, sectionName }],
          hostnames: [ingress.host],
          rules,
        },
      });
    this.route = route('public', 'https', rules(props));
    if (ingress.gatewayClassName === ISTIO_CLASS) {
      this.destinationRule = new ApiObject(this, 'destination-rule', {
        apiVersion: NETWORKING_API,
        kind: 'DestinationRule',
        metadata,
        spec: { host: service.name, trafficPolicy: trafficPolicy(props) },
      });
    }
    this.redirect = route('public-redirect', 'http', [
      { filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] },
    ]);
  }
}

function rules({ service, paths, webSocketPaths = [], timeoutMs }: PublicIngressProps): object[] {
  const backendRefs = [{ name: service.name, port: service.port }];
  const matches = (wanted: readonly string[]) => wanted.map((value) => ({ path: { type: 'PathPrefix', value } }));
  const requests = paths.filter((path) => !webSocketPaths.includes(path));
  return [
    ...(webSocketPaths.length > 0 ? [{ matches: matches(webSocketPaths), backendRefs }] : []),
    { matches: matches(requests), backendRefs, timeouts: { request: istioDuration(timeoutMs) } },
  ];
}
