import type { Construct } from 'constructs';
import * as z from 'zod';
import { type StoreSpec, serviceUrl } from '../../contract/vocabulary/index.js';
import type { PlatformContext } from '../platform-context.js';
import type { ImageRef } from '../workload/image.js';
import { httpProbe, tcpProbe } from '../workload/probe.js';
import { byteQuantity, resources } from '../workload/quantity.js';
import { type SecretRef, secretRef } from '../workload/secret-ref.js';
import { DATA_VOLUME, StatefulServer } from '../workload/stateful-server.js';
import { backupChoice } from './backup/backup-choice.js';
import type { BackupPlan } from './backup/backup-plan.js';
import { objectStoreBackup } from './backup/object-store-backup.js';
import { bucketName } from './bucket-name.js';
import { managedStoreAt } from './managed-store.js';
import { PlacedStore } from './placed-store.js';
import { RUN_PATH, readSecret, startScript } from './start-script.js';

const credentials = {
  bucket: bucketName,
  accessKeyId: secretRef,
  secretAccessKey: secretRef,
};
export const objectStoreChoice = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('inCluster'),
    storage: byteQuantity,
    resources,
    backups: backupChoice,
    ...credentials,
  }),
  managedStoreAt('http', 'https')
    .extend({ ...credentials, accessKeyId: secretRef.optional(), secretAccessKey: secretRef.optional() })
    .refine(({ accessKeyId, secretAccessKey }) => (accessKeyId === undefined) === (secretAccessKey === undefined), {
      path: ['secretAccessKey'],
      error: 'must stand beside accessKeyId, or neither: the pods then have an identity of the cloud',
    }),
]);
export type ObjectStoreChoice = Readonly<z.infer<typeof objectStoreChoice>>;
type InCluster = Extract<ObjectStoreChoice, { kind: 'inCluster' }>;
type Managed = Extract<ObjectStoreChoice, { kind: 'managed' }>;

export interface ObjectStoreProps {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec;
  readonly choice: ObjectStoreChoice;
  readonly image: ImageRef;
  /** rclone's, with which backups are made. */
  readonly copierImage: ImageRef;
  /** What its clients call its region. */
  readonly region: string;
}

/** An S3 store for documents. In the cluster it is SeaweedFS, for MinIO's server is archived. */
export class ObjectStore extends PlacedStore {
  static inCluster(props: Omit<InCluster, 'kind'>): InCluster {
    return { kind: 'inCluster', ...props };
  }

  static managed(props: Omit<Managed, 'kind'>): Managed {
    return { kind: 'managed', ...props };
  }

  readonly bucket: string;
  /** Both absent where the cloud gives the pods an identity. */
  readonly accessKeyId?: SecretRef;
  readonly secretAccessKey?: SecretRef;
  readonly backup?: BackupPlan;
  readonly server?: StatefulServer;

  constructor(scope: Construct, id: string, props: ObjectStoreProps) {
    const { spec, choice } = props;
    super(scope, id, {
      spec,
      choice,
      choiceSchema: objectStoreChoice,
      urlInCluster: serviceUrl(spec),
    });
    this.bucket = choice.bucket;
    if (choice.accessKeyId) this.accessKeyId = choice.accessKeyId;
    if (choice.secretAccessKey) this.secretAccessKey = choice.secretAccessKey;
    if (choice.kind === 'managed') return;
    if (choice.backups.kind === 'daily') {
      const remote = { ...choice, url: this.url, region: props.region };
      this.backup = objectStoreBackup({
        ...choice,
        remote,
        port: spec.port,
        daily: choice.backups,
        image: props.copierImage,
      });
    }
    this.server = new StatefulServer(this, 'server', serverProps(props, choice));
  }
}

const CONFIG = `${RUN_PATH}/s3.json`;

function serverProps({ platform, spec, image }: ObjectStoreProps, choice: InCluster) {
  const start = startScript({
    script: `access_key=${readSecret(choice.accessKeyId)}
secret_key=${readSecret(choice.secretAccessKey)}
cat > ${CONFIG} <<END
{"identities":[{"name":"platform","credentials":[{"accessKey":"$access_key","secretKey":"$secret_key"}],"actions":["Admin","Read","List","Tagging","Write"]}]}
END`,
    server: { image, resources: choice.resources },
    secrets: [choice.accessKeyId, choice.secretAccessKey],
  });
  const { metricsPort } = spec;
  return {
    platform,
    name: spec.name,
    replicas: 1,
    placement: 'general' as const,
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
        // Master, volume server, filer and S3 gateway in one process; network policy opens the gateway's port alone.
        command: [
          'weed',
          'server',
          '-dir=/data',
          '-s3',
          `-s3.port=${spec.port}`,
          `-s3.config=${CONFIG}`,
          '-volume.max=0',
          ...(metricsPort === undefined ? [] : [`-metricsPort=${metricsPort}`]),
        ],
        ports: { http: spec.port, ...(metricsPort !== undefined && { metrics: metricsPort }) },
        mounts: [
          { ...start.mount, readOnly: true },
          { name: DATA_VOLUME, mountPath: '/data' },
        ],
        probes: {
          readinessProbe: httpProbe({ path: '/status', initialDelaySeconds: 5, periodSeconds: 5 }, 'http'),
          livenessProbe: tcpProbe('http', 10, 6),
        },
      },
    ],
  };
}
