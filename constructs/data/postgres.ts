import type { Construct } from 'constructs';
import * as z from 'zod';
import type { StoreSpec } from '../../contract/vocabulary/index.js';
import type { PlatformContext } from '../platform-context.js';
import type { ImageRef } from '../workload/image.js';
import { execProbe, httpProbe, tcpProbe } from '../workload/probe.js';
import { byteQuantity, resources } from '../workload/quantity.js';
import { mountSecrets, type SecretRef, secretPath, secretRef } from '../workload/secret-ref.js';
import { DATA_VOLUME, StatefulServer } from '../workload/stateful-server.js';
import { backupChoice } from './backup/backup-choice.js';
import type { BackupPlan } from './backup/backup-plan.js';
import { postgresBackup } from './backup/postgres-backup.js';
import { exporterResources, LANDING_PAGE } from './exporter-container.js';
import { managedStoreAt } from './managed-store.js';
import { PlacedStore } from './placed-store.js';

const password = { password: secretRef };
const atPostgres = managedStoreAt('postgres', 'postgresql');
export const postgresChoice = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('inCluster'),
    storage: byteQuantity,
    resources,
    backups: backupChoice,
    ...password,
  }),
  atPostgres.extend({
    url: atPostgres.shape.url.refine((url) => !!new URL(url).searchParams.get('sslmode'), {
      error: 'must say how the server is verified, or all traffic goes in clear: add ?sslmode=verify-full',
    }),
    /** Certificate of the authority that it is verified by, as PEM. @default the public ones */
    caCertificate: secretRef.optional(),
    ...password,
  }),
]);
export type PostgresChoice = Readonly<z.infer<typeof postgresChoice>>;
type InCluster = Extract<PostgresChoice, { kind: 'inCluster' }>;
type Managed = Extract<PostgresChoice, { kind: 'managed' }>;

export interface PostgresProps {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec;
  readonly choice: PostgresChoice;
  readonly image: ImageRef;
  readonly exporterImage: ImageRef;
  /** Name of the database and of its owner. */
  readonly database: string;
}

/** PostgreSQL: metadata of documents, conversations' accounts, the cost ledger. In the cluster it is one server. */
export class Postgres extends PlacedStore {
  static inCluster(props: Omit<InCluster, 'kind'>): InCluster {
    return { kind: 'inCluster', ...props };
  }

  static managed(props: Omit<Managed, 'kind'>): Managed {
    return { kind: 'managed', ...props };
  }

  readonly password: SecretRef;
  readonly caCertificate?: SecretRef;
  readonly backup?: BackupPlan;
  readonly server?: StatefulServer;

  constructor(scope: Construct, id: string, props: PostgresProps) {
    const { spec, choice, database } = props;
    super(scope, id, {
      spec,
      choice,
      choiceSchema: postgresChoice,
      urlInCluster: `postgres://${database}@${spec.name}:${spec.port}/${database}`,
    });
    this.password = choice.password;
    if (choice.kind === 'managed') {
      if (choice.caCertificate) this.caCertificate = choice.caCertificate;
      return;
    }
    if (choice.backups.kind === 'daily') {
      this.backup = postgresBackup({ ...props, ...choice, daily: choice.backups });
    }
    this.server = new StatefulServer(this, 'server', serverProps(props, choice));
  }
}

function serverProps({ platform, spec, image, exporterImage, database }: PostgresProps, choice: InCluster) {
  const files = mountSecrets([choice.password]);
  const passwordFile = secretPath(choice.password);
  const metricsPort = spec.metricsPort;
  return {
    platform,
    name: spec.name,
    replicas: 1,
    placement: 'memory' as const,
    storage: choice.storage,
    terminationGraceSeconds: 60,
    ports: { postgres: spec.port },
    volumes: [SOCKET.volume, ...files.volumes],
    containers: [
      {
        name: spec.name,
        image,
        resources: choice.resources,
        env: [
          { name: 'POSTGRES_USER', value: database },
          { name: 'POSTGRES_DB', value: database },
          { name: 'POSTGRES_PASSWORD_FILE', value: passwordFile },
          // A folder below the volume: its root holds lost+found, which initdb refuses.
          { name: 'PGDATA', value: '/var/lib/postgresql/data/pgdata' },
        ],
        args: ['-c', `port=${spec.port}`],
        ports: { postgres: spec.port },
        mounts: [{ name: DATA_VOLUME, mountPath: '/var/lib/postgresql/data' }, SOCKET.mount, ...files.mounts],
        probes: {
          readinessProbe: execProbe(['pg_isready', '-U', database, '-p', String(spec.port)], 5),
          livenessProbe: tcpProbe('postgres', 10, 6),
        },
      },
      ...(metricsPort === undefined
        ? []
        : [
            {
              name: 'exporter',
              image: exporterImage,
              resources: exporterResources,
              env: [
                { name: 'DATA_SOURCE_URI', value: `localhost:${spec.port}/${database}?sslmode=disable` },
                { name: 'DATA_SOURCE_USER', value: database },
                { name: 'DATA_SOURCE_PASS_FILE', value: passwordFile },
              ],
              args: [`--web.listen-address=:${metricsPort}`],
              ports: { metrics: metricsPort },
              mounts: files.mounts,
              probes: { readinessProbe: httpProbe(LANDING_PAGE, 'metrics'), livenessProbe: tcpProbe('metrics', 20) },
            },
          ]),
    ],
  };
}

const SOCKET = {
  volume: { name: 'socket', emptyDir: { medium: 'Memory' } },
  mount: { name: 'socket', mountPath: '/var/run/postgresql' },
};
