import { Construct } from 'constructs';
import * as z from 'zod';
import type { StoreSpec } from '../../contract/vocabulary/index.js';
import { type ScrapeTarget, storeTarget } from '../observability/scrape-target.js';
import type { PlatformContext } from '../platform-context.js';
import { type Peer, podsOf } from '../security/connection.js';
import type { ImageRef } from '../workload/image.js';
import { execProbe, httpProbe, tcpProbe } from '../workload/probe.js';
import { byteQuantity, bytesOf, resources } from '../workload/quantity.js';
import { type SecretRef, secretPath, secretRef } from '../workload/secret-ref.js';
import { DATA_VOLUME, StatefulServer } from '../workload/stateful-server.js';
import type { DataStore } from './data-store.js';
import { exporterResources, LANDING_PAGE } from './exporter-container.js';
import { managedAddress, managedStore } from './managed-store.js';
import { RUN_PATH, readSecret, startScript } from './start-script.js';

const password = { password: secretRef };
export const redisChoice = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('inCluster'), storage: byteQuantity, resources, ...password }),
  managedStore.extend(password),
]);
export type RedisChoice = Readonly<z.infer<typeof redisChoice>>;
type InCluster = Extract<RedisChoice, { kind: 'inCluster' }>;
type Managed = Extract<RedisChoice, { kind: 'managed' }>;

export interface RedisProps {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec;
  readonly choice: RedisChoice;
  readonly image: ImageRef;
  readonly exporterImage: ImageRef;
}

/** Redis: caches, sessions, rate limits, results. In the cluster it is one server with an append-only file. */
export class Redis extends Construct implements DataStore {
  static inCluster(props: Omit<InCluster, 'kind'>): InCluster {
    return { kind: 'inCluster', ...props };
  }

  static managed(props: Omit<Managed, 'kind'>): Managed {
    return { kind: 'managed', ...props };
  }

  readonly spec: StoreSpec;
  readonly url: string;
  readonly password: SecretRef;
  readonly peer: Peer;
  readonly port: number;
  readonly inCluster: boolean;
  readonly scrapeTarget?: ScrapeTarget;
  readonly server?: StatefulServer;

  constructor(scope: Construct, id: string, props: RedisProps) {
    super(scope, id);
    const { spec, choice } = props;
    this.spec = spec;
    this.password = choice.password;
    this.inCluster = choice.kind === 'inCluster';
    if (choice.kind === 'managed') {
      this.url = choice.url;
      ({ peer: this.peer, port: this.port } = managedAddress(choice, spec.port));
      return;
    }
    this.url = `redis://${spec.name}:${spec.port}`;
    this.peer = podsOf(spec);
    this.port = spec.port;
    const target = storeTarget(spec);
    if (target) this.scrapeTarget = target;
    this.server = new StatefulServer(this, 'server', serverProps(props, choice));
  }
}

const CONFIG = `${RUN_PATH}/redis.conf`;
const PASSWORD = `${RUN_PATH}/password`;
const EXPORTER_PASSWORDS = `${RUN_PATH}/exporter-passwords.json`;

function serverProps({ platform, spec, image, exporterImage }: RedisProps, choice: InCluster) {
  const start = startScript({
    script: script(spec, choice),
    server: { image, resources: choice.resources },
    secrets: [choice.password],
  });
  const metricsPort = spec.metricsPort;
  return {
    platform,
    name: spec.name,
    replicas: 1,
    placement: 'memory' as const,
    storage: choice.storage,
    terminationGraceSeconds: 60,
    ports: { redis: spec.port },
    volumes: start.volumes,
    initContainers: [start.initContainer],
    annotations: start.annotations,
    containers: [
      {
        name: spec.name,
        image,
        resources: choice.resources,
        command: ['redis-server', CONFIG],
        ports: { redis: spec.port },
        mounts: [start.mount, { name: DATA_VOLUME, mountPath: '/data' }],
        probes: {
          // It answers PONG only once its data is loaded.
          readinessProbe: execProbe(['sh', '-c', ping(spec)], 5),
          livenessProbe: tcpProbe('redis', 10, 6),
        },
      },
      ...(metricsPort === undefined
        ? []
        : [
            {
              name: 'exporter',
              image: exporterImage,
              resources: exporterResources,
              args: [
                `--redis.addr=redis://localhost:${spec.port}`,
                `--redis.password-file=${EXPORTER_PASSWORDS}`,
                `--web.listen-address=:${metricsPort}`,
              ],
              ports: { metrics: metricsPort },
              mounts: [{ ...start.mount, readOnly: true }],
              probes: { readinessProbe: httpProbe(LANDING_PAGE, 'metrics'), livenessProbe: tcpProbe('metrics', 20) },
            },
          ]),
    ],
  };
}

function script(spec: StoreSpec, choice: InCluster): string {
  // A quarter of the limit is left for copies on write and for clients' buffers.
  const maxMemoryBytes = Math.floor(bytesOf(choice.resources.memory.limit) * 0.75);
  return `password=${readSecret(choice.password)}
cat > ${CONFIG} <<END
port ${spec.port}
dir /data
appendonly yes
save ""
maxmemory ${maxMemoryBytes}
maxmemory-policy volatile-ttl
requirepass "$password"
END
cp ${secretPath(choice.password)} ${PASSWORD}
printf '{"redis://localhost:${spec.port}":"%s"}' "$password" > ${EXPORTER_PASSWORDS}`;
}

function ping(spec: StoreSpec): string {
  return `REDISCLI_AUTH="$(cat ${PASSWORD})" redis-cli -p ${spec.port} ping | grep -q PONG`;
}
