import { createHash } from 'node:crypto';
import { ConfigMap } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import * as z from 'zod';
import { type StoreSpec, wellKnownPorts } from '../../contract/vocabulary/index.js';
import { addresses, type Connection, internet, podsOf } from '../connection.js';
import { objectMeta, type PlatformContext } from '../platform-context.js';
import type { ImageRef } from '../workload/image.js';
import { httpProbe } from '../workload/probe.js';
import { byteQuantity, resources } from '../workload/quantity.js';
import { mountSecrets } from '../workload/secret-ref.js';
import { DATA_VOLUME, StatefulServer } from '../workload/stateful-server.js';
import { yamlOf } from '../yaml.js';
import { alertmanagerConfig, alertWebhook, receiverSecrets } from './alertmanager-config.js';
import { type ScrapeTarget, storeTarget } from './scrape-target.js';

/** Who is told of alerts, or why nobody is. */
export const alertmanagerChoice = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('inCluster'),
    /** Silences and what has been told outlive the pod. */
    storage: byteQuantity,
    resources,
    receivers: z.strictObject({ critical: alertWebhook, warning: alertWebhook }),
    /** Address ranges of the receivers, reached over TLS. @default every public address */
    cidrs: z
      .array(z.cidrv4({ error: 'must be an address range, such as 10.0.0.0/16' }))
      .min(1)
      .optional(),
  }),
  z.strictObject({ kind: z.literal('none'), why: z.string().min(1, 'must say why nobody is told of alerts') }),
]);
export type AlertmanagerChoice = Readonly<z.infer<typeof alertmanagerChoice>>;
type InCluster = Extract<AlertmanagerChoice, { kind: 'inCluster' }>;
type None = Extract<AlertmanagerChoice, { kind: 'none' }>;

export interface AlertmanagerProps {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec;
  readonly choice: InCluster;
  readonly image: ImageRef;
}

const CONFIG_PATH = '/etc/alertmanager';
const DATA_PATH = '/alertmanager';

/** Alertmanager: groups what Prometheus says, and tells each severity's receiver. One server; its silences are on a volume. */
export class Alertmanager extends Construct {
  static inCluster(props: Omit<InCluster, 'kind'>): InCluster {
    return { kind: 'inCluster', ...props };
  }

  /** Nobody is told, and why. Alerts are still evaluated, and seen in Prometheus. */
  static none(why: string): None {
    return { kind: 'none', why };
  }

  readonly spec: StoreSpec;
  readonly scrapeTarget: ScrapeTarget | undefined;
  /** To the receivers. Prometheus' own is that of its scrape, on the same port. */
  readonly connections: readonly Connection[];
  readonly configMap: ConfigMap;
  readonly server: StatefulServer;

  constructor(scope: Construct, id: string, props: AlertmanagerProps) {
    super(scope, id);
    const { platform, spec, choice } = props;
    this.spec = spec;
    this.scrapeTarget = storeTarget(spec);
    const to = choice.cidrs ? addresses(choice.cidrs) : internet();
    this.connections = [{ from: podsOf(spec), to, port: wellKnownPorts.https }];
    const text = yamlOf(alertmanagerConfig(choice.receivers));
    this.configMap = new ConfigMap(this, 'configuration', {
      metadata: objectMeta(platform, spec, `${spec.name}-configuration`),
      data: { 'alertmanager.yaml': text },
    });
    this.server = new StatefulServer(this, 'server', serverProps(props, this.configMap.name, text));
  }
}

function serverProps({ platform, spec, image, choice }: AlertmanagerProps, configMapName: string, text: string) {
  const secrets = mountSecrets(receiverSecrets(choice.receivers));
  const probe = { initialDelaySeconds: 5, periodSeconds: 5 };
  return {
    platform,
    name: spec.name,
    replicas: 1,
    placement: 'general' as const,
    storage: choice.storage,
    terminationGraceSeconds: 30,
    ports: { http: spec.port },
    annotations: { 'checksum/configuration': createHash('sha256').update(text).digest('hex') },
    volumes: [{ name: 'configuration', configMap: { name: configMapName } }, ...secrets.volumes],
    containers: [
      {
        name: spec.name,
        image,
        resources: choice.resources,
        args: [
          `--config.file=${CONFIG_PATH}/alertmanager.yaml`,
          `--storage.path=${DATA_PATH}`,
          `--web.listen-address=:${spec.port}`,
          // One server has nobody to gossip with.
          '--cluster.listen-address=',
        ],
        ports: { http: spec.port },
        mounts: [
          { name: 'configuration', mountPath: CONFIG_PATH, readOnly: true },
          { name: DATA_VOLUME, mountPath: DATA_PATH },
          ...secrets.mounts,
        ],
        probes: {
          readinessProbe: httpProbe({ path: '/-/ready', ...probe }, 'http'),
          livenessProbe: httpProbe({ path: '/-/healthy', ...probe, periodSeconds: 15 }, 'http'),
        },
      },
    ],
  };
}
