import { createHash } from 'node:crypto';
import { ConfigMap, type k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { z } from 'zod';
import { type StoreSpec, serviceUrl } from '../../contract/vocabulary/index.js';
import { MESH_CERTIFICATES } from '../mesh/mesh-mode.js';
import { objectMeta, type PlatformContext } from '../platform-context.js';
import { namespacedRole, READ_PODS } from '../security/namespaced-role.js';
import type { ImageRef } from '../workload/image.js';
import { httpProbe } from '../workload/probe.js';
import { byteQuantity, resources } from '../workload/quantity.js';
import { mountSecrets } from '../workload/secret-ref.js';
import { DATA_VOLUME, StatefulServer } from '../workload/stateful-server.js';
import { yamlOf } from '../yaml.js';
import type { AlertRule } from './alert.js';
import { type RecordedMetric, recordingRules } from './recording-rule.js';
import { scrapeJob } from './scrape-config.js';
import type { ScrapeTarget } from './scrape-target.js';

/** Sizes that an environment chooses. */
export const prometheusSize = z.strictObject({
  storage: byteQuantity,
  retentionDays: z.int().min(1).max(400),
  resources,
});
export type PrometheusSize = Readonly<z.infer<typeof prometheusSize>>;

export interface PrometheusProps {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec;
  readonly image: ImageRef;
  readonly size: PrometheusSize;
  readonly targets: readonly ScrapeTarget[];
  /** Scaling metrics that are kept as series. */
  readonly recorded: readonly RecordedMetric[];
  readonly alerts: readonly AlertRule[];
  /** Seconds between two scrapes, and between two evaluations of the rules. */
  readonly intervalSeconds: number;
}

const CONFIG_PATH = '/etc/prometheus';
const DATA_PATH = '/prometheus';

/** Prometheus: scrapes the given endpoints, keeps the scaling metrics as series, evaluates the alerts. */
export class Prometheus extends Construct {
  readonly url: string;
  readonly recorded: readonly RecordedMetric[];
  readonly configMap: ConfigMap;
  readonly role: k8s.KubeRole;
  readonly server: StatefulServer;

  /** @throws if a scaling metric comes from an endpoint that is not scraped, or does not expose what the metric is made of. */
  constructor(scope: Construct, id: string, props: PrometheusProps) {
    super(scope, id);
    const { platform, spec, targets, recorded } = props;
    for (const { metric, job } of recorded) {
      if (!targets.some((target) => target.name === job && target.metrics.includes(metric.of))) {
        const known = targets.map(({ name }) => name).join(', ');
        throw new Error(
          `${this.node.path}: "${metric.name}" needs ${metric.of.name} of ${job}, which no target exposes (targets: ${known}).`,
        );
      }
    }
    this.url = serviceUrl(spec);
    this.recorded = recorded;
    const files = configurationFiles(props);
    this.configMap = new ConfigMap(this, 'configuration', {
      metadata: objectMeta(platform, spec, `${spec.name}-configuration`),
      data: files,
    });
    this.server = new StatefulServer(this, 'server', serverProps(props, this.configMap.name, files));
    this.role = namespacedRole(this, platform, spec, [READ_PODS]);
  }
}

function configurationFiles(props: PrometheusProps): Record<string, string> {
  const interval = `${props.intervalSeconds}s`;
  return {
    'prometheus.yaml': yamlOf({
      global: { scrape_interval: interval, scrape_timeout: '10s', evaluation_interval: interval },
      rule_files: [`${CONFIG_PATH}/rules.yaml`],
      scrape_configs: props.targets.map((target) => scrapeJob(props.platform, target)),
    }),
    'rules.yaml': yamlOf({
      groups: [
        { name: 'scaling', rules: props.recorded.flatMap((metric) => recordingRules(props.platform, metric)) },
        { name: 'alerts', rules: props.alerts },
      ].filter(({ rules }) => rules.length > 0),
    }),
  };
}

function serverProps(
  { platform, spec, image, size, targets }: PrometheusProps,
  configMapName: string,
  files: Record<string, string>,
) {
  const secrets = mountSecrets(targets.flatMap(({ token }) => token ?? []));
  const certificates = platform.mesh.kind === 'sidecar';
  const probe = { initialDelaySeconds: 5, periodSeconds: 5 };
  return {
    platform,
    name: spec.name,
    replicas: 1,
    placement: 'memory' as const,
    meshRole: 'scraper' as const,
    apiToken: true,
    storage: size.storage,
    // Prometheus writes its newest samples out when it ends.
    terminationGraceSeconds: 300,
    ports: { http: spec.port },
    annotations: { 'checksum/configuration': createHash('sha256').update(JSON.stringify(files)).digest('hex') },
    volumes: [
      { name: 'configuration', configMap: { name: configMapName } },
      ...secrets.volumes,
      ...(certificates ? [{ name: MESH_CERTIFICATES.volume, emptyDir: { medium: 'Memory' } }] : []),
    ],
    containers: [
      {
        name: spec.name,
        image,
        resources: size.resources,
        args: [
          `--config.file=${CONFIG_PATH}/prometheus.yaml`,
          `--storage.tsdb.path=${DATA_PATH}`,
          `--storage.tsdb.retention.time=${size.retentionDays}d`,
          `--web.listen-address=:${spec.port}`,
        ],
        ports: { http: spec.port },
        mounts: [
          { name: 'configuration', mountPath: CONFIG_PATH, readOnly: true },
          { name: DATA_VOLUME, mountPath: DATA_PATH },
          ...secrets.mounts,
          ...(certificates
            ? [{ name: MESH_CERTIFICATES.volume, mountPath: MESH_CERTIFICATES.path, readOnly: true }]
            : []),
        ],
        probes: {
          readinessProbe: httpProbe({ path: '/-/ready', ...probe }, 'http'),
          livenessProbe: httpProbe({ path: '/-/healthy', ...probe, periodSeconds: 15 }, 'http'),
        },
      },
    ],
  };
}
