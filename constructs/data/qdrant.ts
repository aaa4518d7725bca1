import type { Construct } from 'constructs';
import * as z from 'zod';
import { type StoreSpec, serviceUrl } from '../../contract/vocabulary/index.js';
import type { PlatformContext } from '../platform-context.js';
import type { ImageRef } from '../workload/image.js';
import { httpProbe } from '../workload/probe.js';
import { byteQuantity, resources } from '../workload/quantity.js';
import { type SecretRef, secretRef } from '../workload/secret-ref.js';
import { DATA_VOLUME, nodeDomain, nodeNames, POD_NAME, StatefulServer } from '../workload/stateful-server.js';
import { backupChoice } from './backup/backup-choice.js';
import type { BackupPlan } from './backup/backup-plan.js';
import { qdrantBackup } from './backup/qdrant-backup.js';
import { managedStoreAt } from './managed-store.js';
import { PlacedStore } from './placed-store.js';
import { RUN_PATH, readSecret, startScript } from './start-script.js';

const apiKey = { apiKey: secretRef };
export const qdrantChoice = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('inCluster'),
    /** An odd number: the nodes agree on who holds what while more than half of them are there. Several keep each vector twice. */
    replicas: z.union([z.literal(1), z.literal(3), z.literal(5)], {
      error: 'must be 1, 3 or 5: nodes decide by majority',
    }),
    /** Size of each node's volume. */
    storage: byteQuantity,
    /** What each node has. */
    resources,
    backups: backupChoice,
    ...apiKey,
    /** Key with which Prometheus reads the metrics, and may read nothing but data. */
    readOnlyApiKey: secretRef,
  }),
  managedStoreAt('http', 'https').extend(apiKey),
]);
export type QdrantChoice = Readonly<z.infer<typeof qdrantChoice>>;
type InCluster = Extract<QdrantChoice, { kind: 'inCluster' }>;
type Managed = Extract<QdrantChoice, { kind: 'managed' }>;

export interface QdrantProps {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec;
  readonly choice: QdrantChoice;
  readonly image: ImageRef;
  /** curl's, with which backups are made. */
  readonly clientImage: ImageRef;
  /** Port that the nodes use among themselves. */
  readonly nodePort: number;
}

/** Qdrant: vectors of documents and of remembered answers. In the cluster it is one server, or nodes that hold copies for each other. */
export class Qdrant extends PlacedStore {
  static inCluster(props: Omit<InCluster, 'kind'>): InCluster {
    return { kind: 'inCluster', ...props };
  }

  static managed(props: Omit<Managed, 'kind'>): Managed {
    return { kind: 'managed', ...props };
  }

  readonly apiKey: SecretRef;
  readonly peerPorts?: readonly number[];
  readonly backup?: BackupPlan;
  readonly server?: StatefulServer;

  constructor(scope: Construct, id: string, props: QdrantProps) {
    const { spec, choice } = props;
    super(scope, id, {
      spec,
      choice,
      choiceSchema: qdrantChoice,
      urlInCluster: serviceUrl(spec),
      metricsToken: choice.kind === 'inCluster' ? choice.readOnlyApiKey : undefined,
    });
    this.apiKey = choice.apiKey;
    if (choice.kind === 'managed') return;
    if (choice.replicas > 1) this.peerPorts = [props.nodePort];
    if (choice.backups.kind === 'daily') {
      const { replicas: nodes, backups: daily } = choice;
      this.backup = qdrantBackup({ ...props, ...choice, nodes, daily, image: props.clientImage });
    }
    this.server = new StatefulServer(this, 'server', serverProps(props, choice));
  }
}

const CONFIG = `${RUN_PATH}/config.yaml`;

function serverProps(props: QdrantProps, choice: InCluster) {
  const { platform, spec, image, nodePort } = props;
  const isClustered = choice.replicas > 1;
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
  temp_path: /data/temporary${isClustered ? COPIES : ''}
telemetry_disabled: true${isClustered ? clusterConfig(nodePort) : ''}
END`,
    server: { image, resources: choice.resources },
    secrets: [choice.apiKey, choice.readOnlyApiKey],
  });
  const period = { initialDelaySeconds: 5, periodSeconds: 5 };
  return {
    platform,
    name: spec.name,
    replicas: choice.replicas,
    placement: 'memory' as const,
    storage: choice.storage,
    terminationGraceSeconds: 60,
    ports: { http: spec.port },
    ...(isClustered && { peerPorts: { nodes: nodePort } }),
    volumes: start.volumes,
    initContainers: [start.initContainer],
    annotations: start.annotations,
    containers: [
      {
        name: spec.name,
        image,
        resources: choice.resources,
        command: isClustered ? ['sh', '-c', joinCluster(props)] : [...START],
        // The mark of a finished start would otherwise go onto the root filesystem, which is read-only.
        env: [{ name: 'QDRANT_INIT_FILE_PATH', value: '/tmp/qdrant-initialized' }, ...(isClustered ? [POD_NAME] : [])],
        ports: { http: spec.port, ...(isClustered && { nodes: nodePort }) },
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

const START = ['./entrypoint.sh', '--config-path', CONFIG] as const;

/** What a collection gets that its maker asks nothing else for: each shard on two nodes, so that one of them may be away. */
const COPIES = `
  collection:
    replication_factor: 2`;

function clusterConfig(nodePort: number): string {
  return `
cluster:
  enabled: true
  p2p:
    port: ${nodePort}`;
}

/** The first node begins the cluster; the others ask it to be let in, and later know their way by themselves. */
function joinCluster({ platform, spec, nodePort }: QdrantProps): string {
  const [first] = nodeNames(platform, spec.name, 1);
  return `case "$POD_NAME" in
  ${spec.name}-0) set -- ;;
  *) set -- --bootstrap http://${first}:${nodePort} ;;
esac
exec ${START.join(' ')} --uri "http://$POD_NAME.${nodeDomain(platform, spec.name)}:${nodePort}" "$@"`;
}
