import type { ImageRef } from '../constructs/index.js';

const sha256 = (digest: string) => `sha256:${digest}`;

/**
 * Third-party images that the environments run. Each digest is the one that several independent public projects pin for that tag
 * (docs/decisions/0014-image-digests.md).
 */
export const thirdPartyImages = {
  redis: {
    repository: 'docker.io/library/redis',
    tag: '8.2.1-bookworm',
    digest: sha256('5fa2edb1e408fa8235e6db8fab01d1afaaae96c9403ba67b70feceb8661e8621'),
  },
  redisExporter: {
    repository: 'quay.io/oliver006/redis_exporter',
    tag: 'v1.67.0',
    digest: sha256('120f7ec77293459ccfdad66bb1db75ab72e8bfeab99f58b1cc2564cadcd7a9e7'),
  },
  postgres: {
    repository: 'docker.io/library/postgres',
    tag: '17.6-bookworm',
    digest: sha256('f3bd19c606e442c3d7bdfa8002e03fe260a1023351e0ea4598032022b68dd6e3'),
  },
  postgresExporter: {
    repository: 'quay.io/prometheuscommunity/postgres-exporter',
    tag: 'v0.17.1',
    digest: sha256('38606faa38c54787525fb0ff2fd6b41b4cfb75d455c1df294927c5f611699b17'),
  },
  rabbitmq: {
    repository: 'docker.io/library/rabbitmq',
    tag: '4.3.6-management',
    digest: sha256('cdf40d8cb363d145e377ed88d59696a42386ffe54b30125f10eb128b862eea95'),
  },
  qdrant: {
    repository: 'docker.io/qdrant/qdrant',
    tag: 'v1.15.4',
    digest: sha256('6ac4807063bbecddca0250bfbcff52acf18c22263b904d12919349e6d0a408f1'),
  },
  objectStore: {
    repository: 'docker.io/chrislusf/seaweedfs',
    tag: '4.29',
    digest: sha256('d47c7ee99fcb951351d7194915f4e3a5ea604a8e8871183d713907dec4fb9bf5'),
  },
  rclone: {
    repository: 'docker.io/rclone/rclone',
    tag: '1.74.4',
    digest: sha256('c61954aaa32328a5486715dd063a81c7879f5195ad3505cd362deddd509dc4a1'),
  },
  curl: {
    repository: 'docker.io/curlimages/curl',
    tag: '8.16.0',
    digest: sha256('463eaf6072688fe96ac64fa623fe73e1dbe25d8ad6c34404a669ad3ce1f104b6'),
  },
  kubeStateMetrics: {
    repository: 'registry.k8s.io/kube-state-metrics/kube-state-metrics',
    tag: 'v2.15.0',
    digest: sha256('db384bf43222b066c378e77027a675d4cd9911107adba46c2922b3a55e10d6fb'),
  },
  prometheus: {
    repository: 'docker.io/prom/prometheus',
    tag: 'v3.5.0',
    digest: sha256('63805ebb8d2b3920190daf1cb14a60871b16fd38bed42b857a3182bc621f4996'),
  },
  alertmanager: {
    repository: 'docker.io/prom/alertmanager',
    tag: 'v0.28.1',
    digest: sha256('27c475db5fb156cab31d5c18a4251ac7ed567746a2483ff264516437a39b15ba'),
  },
  grafana: {
    repository: 'docker.io/grafana/grafana',
    tag: '12.1.1',
    digest: sha256('a1701c2180249361737a99a01bc770db39381640e4d631825d38ff4535efa47d'),
  },
  otelCollector: {
    repository: 'docker.io/otel/opentelemetry-collector-contrib',
    tag: '0.139.0',
    digest: sha256('faf125d656fa47cea568b2f3b4494efd2525083bc75c1e96038bc23f05cd68fd'),
  },
  prometheusAdapter: {
    repository: 'registry.k8s.io/prometheus-adapter/prometheus-adapter',
    tag: 'v0.12.0',
    digest: {
      unpinned: 'no digest of this tag is attested by independent sources; pin the one that your registry shows',
    },
  },
} as const satisfies Record<string, ImageRef>;

export type ThirdPartyImage = keyof typeof thirdPartyImages;
