import type { ImageRef } from '../../workload/image.js';
import { BACKUP_PATH, BACKUP_RESOURCES, type BackupStep, variables } from './backup-plan.js';
import type { BackupDestination } from './backup-target.js';
import { remoteCredentials, remoteEnv, remoteKeys } from './s3-remote.js';

/** Lists the files of a backup with their checksums. It is written last: a backup without it is none. */
const SUMS = 'SHA256SUMS';

/** A backup's time, as its folder is called: sorted by name is sorted by time. */
const TIME = '%Y-%m-%dT%H-%M-%SZ';

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
time="$(date -u +${TIME})"
rclone copy --exclude /${SUMS} ${BACKUP_PATH} "backups:$FOLDER/$time"
rclone check --one-way --exclude /${SUMS} ${BACKUP_PATH} "backups:$FOLDER/$time"
rclone copy --include /${SUMS} ${BACKUP_PATH} "backups:$FOLDER/$time"
${removal(keepDays)}
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
    secrets: remoteKeys(remote),
    script: `${remoteCredentials('backups', remote)}\n${script}`,
  };
}

function sumsOf(): string {
  return `cd ${BACKUP_PATH}
find . -type f ! -name ${SUMS} ! -path './lost+found/*' -exec sha256sum {} + > /tmp/sums
cp /tmp/sums ${SUMS}
if [ ! -s ${SUMS} ]; then echo "The dump wrote no file." >&2; exit 1; fi`;
}

/**
 * Backups go whole, and by the time in their name: a file in one keeps the time at which the store wrote it, years before the backup perhaps.
 * The checksums go first, so that what a broken run leaves is no backup.
 */
function removal(keepDays: number): string {
  return `oldest="$(date -u -d "@$(($(date +%s) - ${keepDays} * 86400))" +${TIME})"
rclone lsf --dirs-only "backups:$FOLDER" > /tmp/kept
awk -v oldest="$oldest" '/^[0-9-]+T[0-9-]+Z\\/$/ && $0 < oldest' /tmp/kept > /tmp/outdated
while read -r outdated; do
  rclone delete --include /${SUMS} "backups:$FOLDER/$outdated"
  rclone purge "backups:$FOLDER/$outdated"
done < /tmp/outdated`;
}
