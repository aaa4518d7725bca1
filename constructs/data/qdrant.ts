import { Construct } from 'constructs';
import * as z from 'zod';
import { type StoreSpec, serviceUrl } from '../../contract/vocabulary/index.js';
import { type ScrapeTarget, storeTarget } from '../observability/scrape-target.js';
import type { PlatformContext } from '../platform-context.js';
import { type Peer, podsOf } from '../security/connection.js';
import type { ImageRef } from '../workload/image.js';
import { httpProbe } from '../workload/probe.js';
import { byteQuantity, resources } from '../workload/quantity.js';
import { type SecretRef, secretRef } from '../workload/secret-ref.js';
import { DATA_VOLUME, StatefulServer } from '../workload/stateful-server.js';
import type { DataStore } from './data-store.js';
import { managedAddress, managedStore } from './managed-store.js';
import { RUN_PATH, readSecret, startScript } from './start-script.js';

const apiKey = { apiKey: secretRef };
export const qdrantChoice = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('inCluster'),
    storage: byteQuantity,
    resources,
    ...apiKey,
    /** Key with which Prometheus reads the metrics, and may read nothing but data. */
    readOnlyApiKey: secretRef,
  }),
  managedStore.extend(apiKey),
]);
export type QdrantChoice = Readonly<z.infer<typeof qdrantChoice>>;
type InCluster = Extract<QdrantChoice, { kind: 'inCluster' }>;
type Managed = Extract<QdrantChoice, { kind: 'managed' }>;

export interface QdrantProps {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec;
  readonly choice: QdrantChoice;
  readonly image: ImageRef;
}

/** Qdrant: vectors of documents and of remembered answers. In the cluster it is one server. */
export class Qdrant extends Construct implements DataStore {
  static inCluster(props: Omit<InCluster, 'kind'>): InCluster {
    return { kind: 'inCluster', ...props };
  }

  static managed(props: Omit<Managed, 'kind'>): Managed {
    return { kind: 'managed', ...props };
  }

  readonly spec: StoreSpec;
  readonly url: string;
  readonly apiKey: SecretRef;
  readonly peer: Peer;
  readonly port: number;
  readonly inCluster: boolean;
  readonly scrapeTarget?: ScrapeTarget;
  readonly server?: StatefulServer;

  constructor(scope: Construct, id: string, props: QdrantProps) {
    super(scope, id);
    const { spec, choice } = props;
    this.spec = spec;
    this.apiKey = choice.apiKey;
    this.inCluster = choice.kind === 'inCluster';
    if (choice.kind === 'managed') {
      this.url = choice.url;
      ({ peer: this.peer, port: this.port } = managedAddress(choice, spec.port));
      return;
    }
    this.url = serviceUrl(spec);
    this.peer = podsOf(spec);
    this.port = spec.port;
    const target = storeTarget(spec, choice.readOnlyApiKey);
    if (target) this.scrapeTarget = target;
    this.server = new StatefulServer(this, 'server', serverProps(props, choice));
  }
}

const CONFIG = `${RUN_PATH}/config.yaml`;

function serverProps({ platform, spec, image }: QdrantProps, choice: InCluster) {
  const start = startScript({
    script: `api_key=${readSecret(choice.apiKey)}
read_only_api_key=${readSecret(choice.readOnlyApiKey)}
cat > ${CONFIG} <<END
service:
  http_port: ${spec.port}
  api_key: "$api_key"
  read_only_api_key: "$read_only_api_key"
storage:
  storage_path: /data/storage
  snapshots_path: /data/snapshots
  temp_path: /data/temporary
telemetry_disabled: true
END`,
    server: { image, resources: choice.resources },
    secrets: [choice.apiKey, choice.readOnlyApiKey],
  });
  const period = { initialDelaySeconds: 5, periodSeconds: 5 };
  return {
    platform,
    name: spec.name,
    replicas: 1,
    placement: 'memory' as const,
    storage: choice.storage,
    terminationGraceSeconds: 60,
    ports: { http: spec.port },
    volumes: start.volumes,
    initContainers: [start.initContainer],
    annotations: start.annotations,
    containers: [
      {
        name: spec.name,
        image,
        resources: choice.resources,
        command: ['./entrypoint.sh', '--config-path', CONFIG],
        // The mark of a finished start would otherwise go onto the root filesystem, which is read-only.
        env: [{ name: 'QDRANT_INIT_FILE_PATH', value: '/tmp/qdrant-initialized' }],
        ports: { http: spec.port },
        mounts: [
          { ...start.mount, readOnly: true },
          { name: DATA_VOLUME, mountPath: '/data' },
        ],
        probes: {
          readinessProbe: httpProbe({ path: '/readyz', ...period }, 'http'),
          livenessProbe: httpProbe({ path: '/livez', ...period, periodSeconds: 10 }, 'http'),
        },
      },
    ],
  };
}
