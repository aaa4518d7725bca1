import { VERSION_LABEL } from '../../contract/vocabulary/index.js';
import { type PlatformContext, podSelector } from '../platform-context.js';
import type { OperatorChoice } from './monitoring-choice.js';
import type { ScrapeTarget } from './scrape-target.js';

export interface MonitorSources {
  readonly platform: PlatformContext;
  readonly choice: OperatorChoice;
  readonly intervalSeconds: number;
}

/** A PodMonitor or ServiceMonitor, without its metadata. */
export interface Monitor {
  readonly kind: 'PodMonitor' | 'ServiceMonitor';
  readonly spec: object;
}

/** Label of the pods whose value becomes `job`. */
const JOB_LABEL = 'app.kubernetes.io/name';

/**
 * How the operator's Prometheus finds and reads an endpoint: with the same labels on every series as the platform's own gives it, so
 * that every rule is the same. A PodMonitor, for not every port that is scraped is in a Service; a ServiceMonitor for members of a mesh of
 * sidecars, for only there a certificate may be a file (docs of the operator, SafeTLSConfig).
 */
export function monitorOf(sources: MonitorSources, target: ScrapeTarget): Monitor {
  const { platform } = sources;
  if (needsCertificate(platform, target)) {
    return { kind: 'ServiceMonitor', spec: { ...selection(platform, target), endpoints: [ofMember(sources, target)] } };
  }
  return {
    kind: 'PodMonitor',
    spec: { ...selection(platform, target), podMetricsEndpoints: [ofPod(sources, target)] },
  };
}

/** Whether an endpoint answers to certificates of the mesh alone. */
function needsCertificate(platform: PlatformContext, { meshMember }: ScrapeTarget): boolean {
  return meshMember && platform.mesh.kind === 'sidecar';
}

function selection(platform: PlatformContext, target: ScrapeTarget) {
  const { elsewhere } = target;
  return {
    jobLabel: elsewhere === undefined ? JOB_LABEL : 'app',
    namespaceSelector: { matchNames: [elsewhere ?? platform.namespace] },
    selector: { matchLabels: elsewhere === undefined ? podSelector(platform, target) : { app: target.name } },
  };
}

function ofPod(sources: MonitorSources, target: ScrapeTarget) {
  return {
    portNumber: target.port,
    ...common(sources, target),
    ...(target.token && {
      authorization: { type: 'Bearer', credentials: { name: target.token.secret, key: target.token.key } },
    }),
    ...(target.selfSigned && { scheme: 'https', tlsConfig: { insecureSkipVerify: true } }),
  };
}

function ofMember(sources: MonitorSources, target: ScrapeTarget) {
  const folder = sources.choice.meshCertificates;
  return {
    targetPort: target.port,
    ...common(sources, target),
    scheme: 'https',
    // As the platform's own does: the chain is checked, the name is Istio's and no host's.
    tlsConfig: {
      caFile: `${folder}/root-cert.pem`,
      certFile: `${folder}/cert-chain.pem`,
      keyFile: `${folder}/key.pem`,
      insecureSkipVerify: true,
    },
  };
}

function common({ intervalSeconds }: MonitorSources, { path, query }: ScrapeTarget) {
  return {
    path,
    interval: `${intervalSeconds}s`,
    ...(query && { params: query }),
    relabelings: [
      { action: 'drop', sourceLabels: ['__meta_kubernetes_pod_phase'], regex: 'Pending|Succeeded|Failed' },
      { sourceLabels: [`__meta_kubernetes_pod_label_${VERSION_LABEL}`], targetLabel: 'version' },
      // What the operator adds beside `job`, `namespace` and `pod`.
      { action: 'labeldrop', regex: 'container|endpoint|service' },
    ],
  };
}
