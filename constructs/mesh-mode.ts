import * as z from 'zod';

/** How pods take part in Istio's mesh. */
export const meshMode = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sidecar'),
    cni: z.literal(
      true,
      'must be true: without the CNI plugin istio-init needs capabilities that Pod Security refuses',
    ),
  }),
  z.strictObject({ kind: z.literal('ambient') }),
  z.strictObject({ kind: z.literal('none'), why: z.string().min(1, 'must say why there is no mesh') }),
]);
export type MeshMode = Readonly<z.infer<typeof meshMode>>;

/**
 * Part that a pod has in the mesh.
 *
 * - `member`: an application process; mutual TLS both ways.
 * - `outsider`: a store, or what the API server calls: plain traffic, fenced by network policy alone.
 * - `scraper`: Prometheus: an outsider that reads members' metrics and so needs a certificate of the mesh.
 */
export type MeshRole = 'member' | 'outsider' | 'scraper';

/** Where a scraper finds its certificate of the mesh. */
export const MESH_CERTIFICATES = { volume: 'istio-certs', path: '/etc/istio-certs' } as const;

/** What Istio gives the proxy beside a pod (istio/istio, manifests/charts/istio-control/istio-discovery, global.proxy.resources). */
export const PROXY_RESOURCES = {
  requests: { cpu: '100m', memory: '128Mi' },
  limits: { cpu: '2000m', memory: '1024Mi' },
} as const;

/** Label by which a pod gets a proxy beside it, and its value. */
export const PROXY_LABEL = { name: 'sidecar.istio.io/inject', value: 'true' } as const;

interface PodMeta {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const NOTHING: PodMeta = { labels: {}, annotations: {} };

/** Labels of a namespace whose pods take part in the mesh. One of them is always explicit, as `istioctl analyze` asks. */
export function meshNamespaceLabels(mode: MeshMode): Record<string, string> {
  switch (mode.kind) {
    case 'sidecar':
      return { 'istio-injection': 'enabled' };
    case 'ambient':
      return { 'istio-injection': 'disabled', 'istio.io/dataplane-mode': 'ambient' };
    case 'none':
      return { 'istio-injection': 'disabled' };
  }
}

/** Labels and annotations that give a pod its part in the mesh. */
export function meshPodMeta(mode: MeshMode, role: MeshRole): PodMeta {
  switch (mode.kind) {
    case 'sidecar':
      return SIDECAR[role];
    case 'ambient':
      // A scraper is enrolled: the node's proxy then speaks mutual TLS for it.
      return role === 'outsider' ? { labels: { 'istio.io/dataplane-mode': 'none' }, annotations: {} } : NOTHING;
    case 'none':
      return NOTHING;
  }
}

const SIDECAR: Record<MeshRole, PodMeta> = {
  member: {
    labels: { 'sidecar.istio.io/inject': 'true' },
    // The proxy starts before the process connects to its stores, and ends after the last request.
    annotations: {
      'proxy.istio.io/config': JSON.stringify({
        holdApplicationUntilProxyStarts: true,
        proxyMetadata: { EXIT_ON_ZERO_ACTIVE_CONNECTIONS: 'true' },
      }),
    },
  },
  outsider: { labels: { 'sidecar.istio.io/inject': 'false' }, annotations: {} },
  // https://istio.io/latest/docs/ops/integrations/prometheus/#tls-settings: the sidecar only provides the certificate.
  scraper: {
    labels: { 'sidecar.istio.io/inject': 'true', 'security.istio.io/tlsMode': 'disabled' },
    annotations: {
      'traffic.sidecar.istio.io/includeInboundPorts': '',
      'traffic.sidecar.istio.io/includeOutboundIPRanges': '',
      'proxy.istio.io/config': JSON.stringify({ proxyMetadata: { OUTPUT_CERTS: MESH_CERTIFICATES.path } }),
      'sidecar.istio.io/userVolumeMount': JSON.stringify([
        { name: MESH_CERTIFICATES.volume, mountPath: MESH_CERTIFICATES.path },
      ]),
    },
  },
};
