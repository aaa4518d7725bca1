import { createHash } from 'node:crypto';
import { ConfigMap } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { type Endpoint, type StoreSpec, wellKnownPorts } from '../../contract/vocabulary/index.js';
import { addresses, type Connection, internet, podsOf } from '../connection.js';
import { objectMeta, type PlatformContext } from '../platform-context.js';
import type { ImageRef } from '../workload/image.js';
import { httpProbe, tcpProbe } from '../workload/probe.js';
import { mountSecrets } from '../workload/secret-ref.js';
import { StatelessServer } from '../workload/stateless-server.js';
import { yamlOf } from '../yaml.js';
import { otelCollectorConfig } from './otel-collector-config.js';
import { type ScrapeTarget, storeTarget } from './scrape-target.js';
import type { CollectorChoice } from './tracing-choice.js';

export interface OtelCollectorProps {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec;
  readonly healthPort: number;
  readonly choice: CollectorChoice;
  readonly image: ImageRef;
  /** Whose pods send spans. */
  readonly sources: readonly Pick<Endpoint, 'name'>[];
}

const CONFIG_PATH = '/etc/otel-collector';

/** An OpenTelemetry collector: takes the processes' spans and sends them on to the tracing back end. It keeps only what is under way. */
export class OtelCollector extends Construct {
  readonly spec: StoreSpec;
  readonly scrapeTarget: ScrapeTarget | undefined;
  /** From the processes, and to the back end. */
  readonly connections: readonly Connection[];
  readonly configMap: ConfigMap;
  readonly server: StatelessServer;

  constructor(scope: Construct, id: string, props: OtelCollectorProps) {
    super(scope, id);
    const { platform, spec, choice, sources } = props;
    this.spec = spec;
    this.scrapeTarget = storeTarget(spec);
    this.connections = [
      ...sources.map((source) => ({ from: podsOf(source), to: podsOf(spec), port: spec.port })),
      {
        from: podsOf(spec),
        to: choice.cidrs ? addresses(choice.cidrs) : internet(),
        port: Number(new URL(choice.endpoint).port || wellKnownPorts.https),
      },
    ];
    const text = yamlOf(otelCollectorConfig(props, choice));
    this.configMap = new ConfigMap(this, 'configuration', {
      metadata: objectMeta(platform, spec, `${spec.name}-configuration`),
      data: { 'collector.yaml': text },
    });
    this.server = new StatelessServer(this, 'server', serverProps(props, this.configMap.name, text));
  }
}

function serverProps(
  { platform, spec, healthPort, image, choice }: OtelCollectorProps,
  configMapName: string,
  text: string,
) {
  const secrets = mountSecrets(choice.token ? [choice.token] : []);
  return {
    platform,
    name: spec.name,
    replicas: 2,
    placement: 'general' as const,
    // What is in its queue is sent when it ends.
    terminationGraceSeconds: 60,
    ports: { http: spec.port },
    annotations: { 'checksum/configuration': createHash('sha256').update(text).digest('hex') },
    volumes: [{ name: 'configuration', configMap: { name: configMapName } }, ...secrets.volumes],
    containers: [
      {
        name: spec.name,
        image,
        resources: choice.resources,
        args: [`--config=${CONFIG_PATH}/collector.yaml`],
        ports: {
          http: spec.port,
          health: healthPort,
          ...(spec.metricsPort !== undefined && { metrics: spec.metricsPort }),
        },
        mounts: [{ name: 'configuration', mountPath: CONFIG_PATH, readOnly: true }, ...secrets.mounts],
        probes: {
          readinessProbe: tcpProbe('http', 5),
          livenessProbe: httpProbe({ path: '/', initialDelaySeconds: 5, periodSeconds: 15 }, 'health'),
        },
      },
    ],
  };
}
