import { listAt, mapAt } from '../../constructs/check/field.js';
import { wellKnownPorts } from '../../contract/index.js';
import type { KubeManifest } from '../kube-manifest.js';

/** Signs the certificate between load balancer and gateway, which nobody verifies. */
export const INTERNAL_ISSUER = 'armature-internal';

/** Where EKS hands a pod its identity, on every node. */
const IDENTITY_AGENT = '169.254.170.23/32';

/** Of the cluster: encrypted volumes for whoever names no class, and an issuer of certificates. */
export const clusterWide: readonly KubeManifest[] = [
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'gp3', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'ebs.csi.aws.com',
    parameters: { type: 'gp3', encrypted: 'true' },
    // A volume is made in the zone of its pod.
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
    reclaimPolicy: 'Retain',
  },
  {
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    metadata: { name: INTERNAL_ISSUER },
    spec: { selfSigned: {} },
  },
];

/** Lets the pods that have a role of AWS ask for it. */
export function identityPolicy(namespace: string, names: readonly string[]): KubeManifest {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'pod-identity', namespace },
    spec: {
      podSelector: { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: [...names] }] },
      policyTypes: ['Egress'],
      egress: [
        { to: [{ ipBlock: { cidr: IDENTITY_AGENT } }], ports: [{ protocol: 'TCP', port: wellKnownPorts.http }] },
      ],
    },
  };
}

/**
 * The gateway answers to any name at the level of TLS, for the load balancer names none when it connects. Which host a request is for the
 * routes still ask.
 */
export function withoutServerName(manifest: KubeManifest): KubeManifest {
  if (manifest.kind !== 'Gateway' || !manifest.apiVersion.startsWith('networking.istio.io/')) return manifest;
  const spec = mapAt(manifest, 'spec');
  const servers = listAt(spec, 'servers').map((server) => ({ ...(server as object), hosts: ['*'] }));
  return { ...manifest, spec: { ...spec, servers } };
}
