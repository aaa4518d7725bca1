import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Construct } from 'constructs';
import { loadAll, YAML11_SCHEMA } from 'js-yaml';
import {
  Alertmanager,
  Backups,
  BackupTarget,
  MetricsBackend,
  Monitoring,
  ObjectStore,
  Postgres,
  PublicIngress,
  Redis,
  secretKey,
} from '../../constructs/index.js';
import {
  Dev,
  type EnvironmentClass,
  type EnvironmentConfigInput,
  Local,
  largeStore,
  manifestsOf,
  PlatformStack,
  Production,
  production,
  Staging,
  secrets,
  staging,
  thirdPartyImages,
} from '../../stacks/index.js';
import type { Manifest } from '../support/cluster.js';

export interface RenderedEnvironment {
  readonly name: string;
  readonly namespace: string;
  /** Paths of the files, in the order of an apply. */
  readonly files: readonly string[];
  /** The objects of all files, in the same order. */
  readonly objects: readonly Manifest[];
}

/** Writes an environment's files as `armature synth` does. */
export function render(name: string, Environment: EnvironmentClass): RenderedEnvironment {
  const { files, namespace } = manifestsOf(Environment);
  const folder = join(mkdtempSync(join(tmpdir(), 'armature-judged-')), name);
  mkdirSync(folder);
  const written = [...files].map(([file, text]) => {
    const path = join(folder, file);
    writeFileSync(path, text);
    return { path, objects: loadAll(text, { schema: YAML11_SCHEMA }) as Manifest[] };
  });
  return {
    name,
    namespace,
    files: written.map(({ path }) => path),
    objects: written.flatMap(({ objects }) => objects),
  };
}

const shipped = { local: Local, dev: Dev, staging: Staging, production: Production };

/** Every environment that Armature ships. */
export function shippedEnvironments(): readonly RenderedEnvironment[] {
  return Object.entries(shipped).map(([name, Environment]) => render(name, Environment));
}

/** As a release pipeline does: what the environments leave open (the image that it has just built, for one) is pinned by its digest. */
const digest = `sha256:${'5f'.repeat(32)}`;
const image = { ...production.image, digest };
const prometheusAdapter = { ...thirdPartyImages.prometheusAdapter, digest };
const released = {
  image,
  canary: { ...production.canary, image },
  thirdPartyImages: { ...thirdPartyImages, prometheusAdapter },
};

const backups = Backups.daily({ at: '03:15', keepDays: 30 });

/** Every store in the cluster, at production's sizes. */
export const inCluster = {
  ...production,
  redis: Redis.inCluster({
    topology: Redis.sentinel({ replicas: 3 }),
    storage: '20Gi',
    resources: largeStore,
    backups,
    ...secrets.redis,
  }),
  postgres: Postgres.inCluster({ storage: '50Gi', resources: largeStore, backups, ...secrets.postgres }),
  objectStore: ObjectStore.inCluster({
    storage: '100Gi',
    resources: largeStore,
    bucket: 'documents',
    backups,
    ...secrets.objectStore,
  }),
  // Backups of what is in the cluster stand outside it.
  backupTarget: BackupTarget.managed({
    url: 'https://s3.eu-central-1.amazonaws.com',
    cidrs: ['0.0.0.0/0'],
    region: 'eu-central-1',
    bucket: 'armature-backups',
    accessKeyId: secretKey('backup-target', 'access-key-id'),
    secretAccessKey: secretKey('backup-target', 'secret-access-key'),
  }),
};

/** Production by its other choices: KEDA in the place of the metrics adapter, an entrance by the Gateway API, an agent that may read a website. */
const otherwise = {
  ...production,
  metricsBackend: MetricsBackend.keda(),
  ingress: PublicIngress.gatewayApi({ host: 'llm.example.com', clusterIssuer: 'letsencrypt' }),
  agentFetchHosts: ['docs.example.com'],
};

/** Production with a Prometheus of the Prometheus operator's. */
const throughOperator = {
  ...production,
  monitoring: Monitoring.operator({
    labels: { release: 'kube-prometheus-stack' },
    url: 'http://prometheus-operated.monitoring.svc:9090',
    namespace: 'monitoring',
    serviceAccount: 'kube-prometheus-stack-prometheus',
    meshCertificates: '/etc/prom-certs',
  }),
  alerting: Alertmanager.none('the operator runs one for the whole cluster'),
};

/**
 * What a release puts before users: staging and production, and production with every store in the cluster, by its other choices, or
 * monitored by the operator.
 */
export function releasedEnvironments(): readonly RenderedEnvironment[] {
  const configs = {
    staging,
    production,
    'production-in-cluster': inCluster,
    'production-otherwise': otherwise,
    'production-operator': throughOperator,
  };
  return Object.entries(configs).map(([name, config]) => renderReleased(name, config));
}

/** An environment of that config, every image pinned. */
export function renderReleased(name: string, config: EnvironmentConfigInput): RenderedEnvironment {
  return render(
    name,
    class extends PlatformStack {
      constructor(scope: Construct) {
        const { canary } = config;
        super(scope, { ...config, ...released, ...(canary && { canary: { ...canary, image } }) });
      }
    },
  );
}
