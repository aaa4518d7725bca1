import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Endpoint } from '../../contract/vocabulary/index.js';
import { objectMeta, type PlatformContext } from '../platform-context.js';

export interface PublicCertificateProps {
  readonly platform: PlatformContext;
  readonly service: Endpoint;
  readonly ingress: { readonly host: string; readonly clusterIssuer: string; readonly gatewayNamespace: string };
}

/** The entrance's certificate, made by cert-manager where the gateway's pods read it. */
export function publicCertificate(scope: Construct, { platform, service, ingress }: PublicCertificateProps) {
  const secretName = `${platform.namespace}-public-tls`;
  const certificate = new ApiObject(scope, 'certificate', {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { ...objectMeta(platform, service, secretName), namespace: ingress.gatewayNamespace },
    spec: {
      secretName,
      dnsNames: [ingress.host],
      issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: ingress.clusterIssuer },
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
    },
  });
  return { certificate, secretName };
}
