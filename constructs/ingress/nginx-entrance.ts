import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { objectMeta } from '../platform-context.js';
import { warn } from '../warning.js';
import type { NginxIngress } from './ingress-choice.js';
import type { PublicIngressProps } from './public-ingress-props.js';

const ARCHIVED =
  'upstream archived ingress-nginx in 2026, so it gets no security fixes. Fix: PublicIngress.gateway(…) or .gatewayApi(…).';

/** ingress-nginx in front of a service: TLS by cert-manager, and a limit per address. */
export class NginxEntrance extends Construct {
  readonly ingress: k8s.KubeIngress;

  constructor(scope: Construct, id: string, props: PublicIngressProps & { readonly ingress: NginxIngress }) {
    super(scope, id);
    warn(this, ARCHIVED);
    const { platform, service, ingress, paths, timeoutMs } = props;
    const timeoutSeconds = String(Math.ceil(timeoutMs / 1000));
    const backend = { service: { name: service.name, port: { number: service.port } } };
    this.ingress = new k8s.KubeIngress(this, 'ingress', {
      metadata: {
        ...objectMeta(platform, service, 'public'),
        annotations: {
          'cert-manager.io/cluster-issuer': ingress.clusterIssuer,
          'nginx.ingress.kubernetes.io/limit-rps': String(ingress.requestsPerSecond),
          'nginx.ingress.kubernetes.io/limit-connections': String(ingress.connections),
          'nginx.ingress.kubernetes.io/proxy-read-timeout': timeoutSeconds,
          'nginx.ingress.kubernetes.io/proxy-send-timeout': timeoutSeconds,
          'nginx.ingress.kubernetes.io/ssl-redirect': 'true',
        },
      },
      spec: {
        ingressClassName: ingress.ingressClassName,
        tls: [{ hosts: [ingress.host], secretName: `${platform.namespace}-public-tls` }],
        rules: [{ host: ingress.host, http: { paths: paths.map((path) => ({ path, pathType: 'Prefix', backend })) } }],
      },
    });
  }
}
