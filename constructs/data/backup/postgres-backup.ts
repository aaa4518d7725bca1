import type { StoreSpec } from '../../../contract/vocabulary/index.js';
import type { ImageRef } from '../../workload/image.js';
import type { ByteQuantity } from '../../workload/quantity.js';
import type { SecretRef } from '../../workload/secret-ref.js';
import type { DailyBackups } from './backup-choice.js';
import { BACKUP_PATH, BACKUP_RESOURCES, type BackupPlan, exportSecret, variables } from './backup-plan.js';

export interface PostgresBackupProps {
  readonly spec: StoreSpec;
  readonly image: ImageRef;
  /** Name of the database and of its owner. */
  readonly database: string;
  readonly password: SecretRef;
  readonly storage: ByteQuantity;
  readonly daily: DailyBackups;
}

const DUMP = `${BACKUP_PATH}/database.dump`;

/** A consistent dump, while everybody goes on. A restore is one transaction: all of it, or nothing has changed. */
export function postgresBackup({ spec, image, database, password, storage, daily }: PostgresBackupProps): BackupPlan {
  const step = {
    image,
    resources: BACKUP_RESOURCES,
    env: variables({ PGHOST: spec.name, PGPORT: spec.port, PGUSER: database, PGDATABASE: database }),
    secrets: [password],
  };
  const login = exportSecret('PGPASSWORD', password);
  return {
    daily,
    dump: { ...step, script: `${login}\npg_dump --format=custom --file=${DUMP}` },
    restore: {
      ...step,
      script: `${login}
pg_restore --clean --if-exists --no-owner --single-transaction --exit-on-error --dbname="$PGDATABASE" ${DUMP}`,
    },
    storage,
    ports: [spec.port],
  };
}
