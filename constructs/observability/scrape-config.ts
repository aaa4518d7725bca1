import { VERSION_LABEL } from '../../contract/vocabulary/index.js';
import { MESH_CERTIFICATES } from '../mesh-mode.js';
import { type PlatformContext, podSelector } from '../platform-context.js';
import { secretPath } from '../workload/secret-ref.js';
import type { ScrapeTarget } from './scrape-target.js';

/** One of Prometheus's scrape jobs; only the fields that the kit writes. */
export interface ScrapeJob {
  readonly job_name: string;
  readonly metrics_path: string;
  readonly [field: string]: unknown;
}

/**
 * One job for each endpoint: finds its pods, keeps the port of its metrics, and puts `job`, `namespace`, `pod` and `version` on every
 * series, `up` included.
 */
export function scrapeJob(platform: PlatformContext, target: ScrapeTarget): ScrapeJob {
  if (target.elsewhere !== undefined) return jobElsewhere(target, target.elsewhere);
  const selector = Object.entries(podSelector(platform, target)).map(([key, value]) => `${key}=${value}`);
  return {
    job_name: target.name,
    metrics_path: target.path,
    ...(target.query && { params: target.query }),
    ...(target.token && { authorization: { type: 'Bearer', credentials_file: secretPath(target.token) } }),
    ...(target.meshMember && platform.mesh.kind === 'sidecar' && MUTUAL_TLS),
    ...(target.selfSigned && { scheme: 'https', tls_config: { insecure_skip_verify: true } }),
    kubernetes_sd_configs: [
      {
        role: 'pod',
        namespaces: { names: [platform.namespace] },
        selectors: [{ role: 'pod', label: selector.join(',') }],
      },
    ],
    relabel_configs: [
      { action: 'keep', source_labels: ['__meta_kubernetes_pod_container_port_number'], regex: String(target.port) },
      // A pod that has ended is no target that is down.
      { action: 'drop', source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Pending|Succeeded|Failed' },
      { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
      { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
      { source_labels: [`__meta_kubernetes_pod_label_${VERSION_LABEL}`], target_label: 'version' },
    ],
  };
}

/** Finding pods of another namespace would take rights there; its Service's address takes none. */
function jobElsewhere({ name, path, port }: ScrapeTarget, namespace: string): ScrapeJob {
  return {
    job_name: name,
    metrics_path: path,
    static_configs: [{ targets: [`${name}.${namespace}.svc:${port}`], labels: { namespace } }],
  };
}

/** Istio's names are no host names: the certificate's chain is checked by Istio's own root, its name is not (Istio's documentation). */
const MUTUAL_TLS = {
  scheme: 'https',
  tls_config: {
    ca_file: `${MESH_CERTIFICATES.path}/root-cert.pem`,
    cert_file: `${MESH_CERTIFICATES.path}/cert-chain.pem`,
    key_file: `${MESH_CERTIFICATES.path}/key.pem`,
    insecure_skip_verify: true,
  },
} as const;
