import { createHash } from 'node:crypto';
import { ConfigMap, k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { HOUR_SECONDS, type StoreSpec } from '../../contract/vocabulary/index.js';
import { objectMeta, type PlatformContext } from '../platform-context.js';
import type { ImageRef } from '../workload/image.js';
import { httpProbe } from '../workload/probe.js';
import { mountSecrets } from '../workload/secret-ref.js';
import { StatelessServer } from '../workload/stateless-server.js';
import type { Dashboard } from './dashboard.js';
import type { GrafanaChoice } from './dashboards-choice.js';
import { grafanaFiles } from './grafana-configuration.js';
import { dashboardFile } from './grafana-dashboard.js';
import { type ScrapeTarget, storeTarget } from './scrape-target.js';

export interface GrafanaProps {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec;
  readonly choice: GrafanaChoice;
  readonly image: ImageRef;
  /** Address of the Prometheus that the dashboards ask. */
  readonly prometheusUrl: string;
  /** Seconds between two scrapes: no graph is drawn finer. */
  readonly intervalSeconds: number;
  /** The first one is what people see first. */
  readonly dashboards: readonly Dashboard[];
}

const CONFIG_PATH = '/etc/grafana';
const DASHBOARD_PATH = '/etc/dashboards';
const DATA = { name: 'data', mountPath: '/var/lib/grafana' } as const;
/** Uid of the only datasource. */
const PROMETHEUS = 'prometheus';

/**
 * Grafana with dashboards as code. It keeps nothing: whoever changes a dashboard changes the code, and a pod that starts anew has all.
 * Each pod knows its own sessions, so a client stays with one.
 */
export class Grafana extends Construct {
  readonly spec: StoreSpec;
  readonly scrapeTarget: ScrapeTarget | undefined;
  readonly dashboards: readonly Dashboard[];
  readonly configMap: ConfigMap;
  readonly dashboardsMap: ConfigMap;
  readonly server: StatelessServer;

  constructor(scope: Construct, id: string, props: GrafanaProps) {
    super(scope, id);
    const { platform, spec, dashboards } = props;
    this.spec = spec;
    this.scrapeTarget = storeTarget(spec);
    this.dashboards = dashboards;
    const configuration = grafanaFiles({
      ...props,
      port: spec.port,
      adminPassword: props.choice.adminPassword,
      datasource: PROMETHEUS,
      dashboardPath: DASHBOARD_PATH,
      home: `${DASHBOARD_PATH}/${dashboards[0]?.id}.json`,
    });
    const drawn = Object.fromEntries(
      dashboards.map((dashboard) => [`${dashboard.id}.json`, dashboardFile(dashboard, PROMETHEUS)]),
    );
    this.configMap = new ConfigMap(this, 'configuration', {
      metadata: objectMeta(platform, spec, `${spec.name}-configuration`),
      data: Object.fromEntries(configuration.map(({ key, text }) => [key, text])),
    });
    this.dashboardsMap = new ConfigMap(this, 'dashboards', {
      metadata: objectMeta(platform, spec, `${spec.name}-dashboards`),
      data: drawn,
    });
    // Not of the dashboards: Grafana sees for itself when their files change.
    const checksum = createHash('sha256').update(JSON.stringify(configuration)).digest('hex');
    this.server = new StatelessServer(this, 'server', {
      ...serverProps(props, checksum),
      volumes: [
        {
          name: 'configuration',
          configMap: { name: this.configMap.name, items: configuration.map(({ key, path }) => ({ key, path })) },
        },
        { name: 'dashboards', configMap: { name: this.dashboardsMap.name } },
        { name: DATA.name, emptyDir: { sizeLimit: k8s.Quantity.fromString('256Mi') } },
        ...mountSecrets([props.choice.adminPassword]).volumes,
      ],
    });
  }
}

function serverProps({ platform, spec, image, choice }: GrafanaProps, checksum: string) {
  const probe = { initialDelaySeconds: 10, periodSeconds: 5 };
  return {
    platform,
    name: spec.name,
    replicas: 2,
    placement: 'general' as const,
    terminationGraceSeconds: 30,
    ports: { http: spec.port },
    clientAffinitySeconds: HOUR_SECONDS,
    annotations: { 'checksum/configuration': checksum },
    containers: [
      {
        name: spec.name,
        image,
        resources: choice.resources,
        ports: { http: spec.port },
        mounts: [
          { name: 'configuration', mountPath: CONFIG_PATH, readOnly: true },
          { name: 'dashboards', mountPath: DASHBOARD_PATH, readOnly: true },
          DATA,
          ...mountSecrets([choice.adminPassword]).mounts,
        ],
        probes: {
          // The one asks its database too.
          readinessProbe: httpProbe({ path: '/api/health', ...probe }, 'http'),
          livenessProbe: httpProbe({ path: '/healthz', ...probe, periodSeconds: 15 }, 'http'),
        },
      },
    ],
  };
}
