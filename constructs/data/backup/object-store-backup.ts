import type { ImageRef } from '../../workload/image.js';
import type { ByteQuantity } from '../../workload/quantity.js';
import type { DailyBackups } from './backup-choice.js';
import { BACKUP_PATH, BACKUP_RESOURCES, type BackupPlan, variables } from './backup-plan.js';
import { remoteCredentials, remoteEnv, remoteKeys, type S3Remote } from './s3-remote.js';

export interface ObjectStoreBackupProps {
  readonly remote: S3Remote;
  readonly port: number;
  readonly bucket: string;
  readonly storage: ByteQuantity;
  readonly daily: DailyBackups;
  /** rclone's. */
  readonly image: ImageRef;
}

const FILES = `${BACKUP_PATH}/objects`;

/** Every object of the bucket, as a file. It goes to another store: one that keeps its own backup loses both at once. */
export function objectStoreBackup({ remote, port, bucket, storage, daily, image }: ObjectStoreBackupProps): BackupPlan {
  const step = {
    image,
    resources: BACKUP_RESOURCES,
    env: [...remoteEnv('store', remote), ...variables({ BUCKET: bucket })],
    secrets: remoteKeys(remote),
  };
  const login = remoteCredentials('store', remote);
  return {
    daily,
    dump: {
      ...step,
      script: `${login}
mkdir -p ${FILES}
rclone copy "store:$BUCKET" ${FILES}
date -u > ${BACKUP_PATH}/copied`,
    },
    restore: { ...step, script: `${login}\nmkdir -p ${FILES}\nrclone sync ${FILES} "store:$BUCKET"` },
    storage,
    ports: [port],
  };
}
