import { createHash } from 'node:crypto';
import { ConfigMap, type k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import * as z from 'zod';
import { DAY_SECONDS, type Endpoint, type StoreSpec, serviceUrl } from '../../contract/vocabulary/index.js';
import { holdProps } from '../hold-props.js';
import { MESH_CERTIFICATES } from '../mesh-mode.js';
import { objectMeta } from '../platform-context.js';
import type { ImageRef } from '../workload/image.js';
import { namespacedRole, READ_PODS } from '../workload/namespaced-role.js';
import { httpProbe } from '../workload/probe.js';
import { mountSecrets } from '../workload/secret-ref.js';
import { DATA_VOLUME, StatefulServer } from '../workload/stateful-server.js';
import { yamlOf } from '../yaml.js';
import { type PrometheusSize, prometheusSize } from './monitoring-choice.js';
import type { RecordedMetric } from './recording-rule.js';
import { type RuleSources, ruleGroups } from './rule-groups.js';
import { scrapeJob } from './scrape-config.js';
import { refuseUnscraped, type ScrapeTarget } from './scrape-target.js';
import { SLO_RETENTION_SECONDS } from './slo-rules.js';

export interface PrometheusProps extends RuleSources {
  readonly spec: StoreSpec;
  readonly image: ImageRef;
  readonly size: PrometheusSize;
  readonly targets: readonly ScrapeTarget[];
  /** Where alerts are sent. @default nowhere: they are seen by who looks at Prometheus */
  readonly alertmanager?: Endpoint | undefined;
  /** Seconds between two scrapes, and between two evaluations of the rules. */
  readonly intervalSeconds: number;
}

function isDistinct(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

const MOST_INTERVAL_SECONDS = 300;
const prometheusProps = z.object({
  // A choice has more than the size.
  size: z.object(prometheusSize.shape),
  intervalSeconds: z
    .int('must be a whole number of seconds')
    .min(1, 'must be 1 second or more')
    .max(MOST_INTERVAL_SECONDS, `must be at most ${MOST_INTERVAL_SECONDS} seconds; was it meant in milliseconds?`),
  targets: z
    .array(z.object({ name: z.string() }))
    .refine(
      (all) => isDistinct(all.map(({ name }) => name)),
      'must each have a name of its own: Prometheus takes no two jobs of one name',
    ),
  alerts: z
    .array(
      z.object({
        alert: z.string(),
        expr: z.string(),
        labels: z.object({ severity: z.enum(['critical', 'warning']) }),
      }),
    )
    .refine((all) => isDistinct(all.map(({ alert, expr }) => `${alert} ${expr}`)), 'must not hold one alert twice'),
  runbooks: z.url({
    protocol: /^https?$/,
    error: 'must be the address of a folder, such as https://wiki.example.com/runbooks',
  }),
});

const CONFIG_PATH = '/etc/prometheus';
const DATA_PATH = '/prometheus';

/** Prometheus: scrapes the given endpoints, keeps the scaling metrics as series, evaluates the alerts. */
export class Prometheus extends Construct {
  readonly url: string;
  readonly recorded: readonly RecordedMetric[];
  readonly configMap: ConfigMap;
  readonly role: k8s.KubeRole;
  readonly server: StatefulServer;

  /**
   * @throws if a scaling metric or an objective is about an endpoint that is not scraped, or does not expose what it is made of; if
   * the retention is shorter than the look back of an objective's alerts.
   */
  constructor(scope: Construct, id: string, props: PrometheusProps) {
    super(scope, id);
    holdProps(this, prometheusProps, props);
    const { platform, spec, recorded } = props;
    refuseUnscraped(this.node.path, props);
    this.refuseShortRetention(props);
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

  private refuseShortRetention({ size, slos = [] }: PrometheusProps): void {
    const wanted = SLO_RETENTION_SECONDS / DAY_SECONDS;
    if (slos.length > 0 && size.retentionDays < wanted) {
      throw new Error(
        `${this.node.path}: retentionDays is ${size.retentionDays}, and the alerts of ${slos[0]?.name} look ${wanted} days back: keep ${wanted} days or more, or state no objectives.`,
      );
    }
  }
}

function configurationFiles(props: PrometheusProps): Record<string, string> {
  const interval = `${props.intervalSeconds}s`;
  const { alertmanager } = props;
  return {
    'prometheus.yaml': yamlOf({
      global: { scrape_interval: interval, scrape_timeout: '10s', evaluation_interval: interval },
      rule_files: [`${CONFIG_PATH}/rules.yaml`],
      ...(alertmanager && {
        alerting: { alertmanagers: [{ static_configs: [{ targets: [`${alertmanager.name}:${alertmanager.port}`] }] }] },
      }),
      scrape_configs: props.targets.map((target) => scrapeJob(props.platform, target)),
    }),
    'rules.yaml': yamlOf({ groups: ruleGroups(props) }),
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
