import type { ImageRef } from '../../workload/image.js';
import { BACKUP_PATH, BACKUP_RESOURCES, type BackupStep, variables } from './backup-plan.js';
import type { BackupDestination } from './backup-target.js';
import { remoteCredentials, remoteEnv } from './s3-remote.js';

/** Lists the files of a backup with their checksums. It is written last: a backup without it is none. */
const SUMS = 'SHA256SUMS';

export interface Transfer {
  readonly destination: BackupDestination;
  /** Name of the store; its backups stand below it. */
  readonly store: string;
  /** rclone's. */
  readonly image: ImageRef;
}

/** Carries a dump to the bucket, as `<store>/<time>/`, and removes what is older than it need be. */
export function upload(transfer: Transfer, keepDays: number): BackupStep {
  return step(
    transfer,
    `${sumsOf()}
time="$(date -u +%Y-%m-%dT%H-%M-%SZ)"
rclone copy --exclude /${SUMS} ${BACKUP_PATH} "backups:$FOLDER/$time"
rclone check --one-way --exclude /${SUMS} ${BACKUP_PATH} "backups:$FOLDER/$time"
rclone copy --include /${SUMS} ${BACKUP_PATH} "backups:$FOLDER/$time"
rclone delete --min-age ${keepDays}d "backups:$FOLDER"
echo "backup $time: $(wc -l < ${BACKUP_PATH}/${SUMS}) files"`,
  );
}

/** Fetches the backup that `$BACKUP` names, or the last whole one, and refuses it where a file is not what was written. */
export function download(transfer: Transfer): BackupStep {
  const { env = [], ...rest } = step(
    transfer,
    `time="$BACKUP"
if [ "$time" = latest ]; then
  time="$(rclone lsf --recursive --files-only --include '/*/${SUMS}' "backups:$FOLDER" | sort | tail -n 1)"
  time="\${time%/${SUMS}}"
fi
if [ -z "$time" ]; then echo "There is no whole backup in $FOLDER." >&2; exit 1; fi
rclone copy "backups:$FOLDER/$time" ${BACKUP_PATH}
cd ${BACKUP_PATH}
if [ ! -s ${SUMS} ]; then echo "There is no whole backup $time in $FOLDER." >&2; exit 1; fi
sha256sum -c ${SUMS}
echo "backup $time is there"`,
  );
  return { ...rest, env: [...env, ...variables({ BACKUP: 'latest' })] };
}

function step({ destination, store, image }: Transfer, script: string): BackupStep {
  const { remote, bucket } = destination;
  return {
    image,
    resources: BACKUP_RESOURCES,
    env: [...remoteEnv('backups', remote), ...variables({ FOLDER: `${bucket}/${store}` })],
    secrets: [remote.accessKeyId, remote.secretAccessKey],
    script: `${remoteCredentials('backups', remote)}\n${script}`,
  };
}

function sumsOf(): string {
  return `cd ${BACKUP_PATH}
find . -type f ! -name ${SUMS} ! -path './lost+found/*' -exec sha256sum {} + > /tmp/sums
cp /tmp/sums ${SUMS}
if [ ! -s ${SUMS} ]; then echo "The dump wrote no file." >&2; exit 1; fi`;
}
