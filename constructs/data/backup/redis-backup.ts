import { type RedisInCluster, type RedisProps, serversOf } from '../redis-props.js';
import type { DailyBackups } from './backup-choice.js';
import { BACKUP_PATH, BACKUP_RESOURCES, type BackupPlan, exportSecret, variables } from './backup-plan.js';

const SOCKET = '/tmp/restore.sock';

/** Copies a batch of keys, as they are and with what they have left to live; binary ones too. In a script, for a shell cannot hold them. */
const COPY_ALL = `local cursor, copied = "0", 0
repeat
  local page = redis.call("SCAN", cursor, "COUNT", 500)
  cursor = page[1]
  if #page[2] > 0 then
    redis.call("MIGRATE", ARGV[1], ARGV[2], "", 0, 60000, "COPY", "REPLACE", "AUTH", ARGV[3], "KEYS", unpack(page[2]))
    copied = copied + #page[2]
  end
until cursor == "0"
return copied`;

/**
 * A snapshot as a replica would get it, from whichever server answers. To restore one, a server beside the primary loads it and hands it
 * every key: no server of the platform stops, and sentinels and replicas see writes like any others.
 */
export function redisBackup(props: RedisProps, choice: RedisInCluster, daily: DailyBackups): BackupPlan {
  const { spec, image, sentinelPort } = props;
  const isWatched = serversOf(choice) > 1;
  const step = {
    image,
    env: variables({ REDIS_HOST: spec.name, REDIS_PORT: spec.port, ...(isWatched && { SENTINEL_PORT: sentinelPort }) }),
    secrets: [choice.password],
  };
  const login = exportSecret('REDISCLI_AUTH', choice.password);
  return {
    daily,
    dump: {
      ...step,
      resources: BACKUP_RESOURCES,
      script: `${login}
redis-cli -h "$REDIS_HOST" -p "$REDIS_PORT" --rdb ${BACKUP_PATH}/dump.rdb
redis-check-rdb ${BACKUP_PATH}/dump.rdb`,
    },
    restore: {
      ...step,
      // It holds all of the data once more.
      resources: choice.resources,
      script: `${login}
${isWatched ? `REDIS_HOST="$(redis-cli -h "$REDIS_HOST" -p "$SENTINEL_PORT" sentinel get-master-addr-by-name ${spec.name} | head -n 1)"\n` : ''}restored() { env -u REDISCLI_AUTH redis-cli -s ${SOCKET} "$@"; }
redis-server --port 0 --unixsocket ${SOCKET} --dir ${BACKUP_PATH} --dbfilename dump.rdb --save "" > /tmp/restore.log &
tries=0
until restored ping 2> /dev/null | grep -q PONG; do
  tries=$((tries + 1))
  if [ "$tries" -gt 600 ]; then cat /tmp/restore.log >&2; exit 1; fi
  sleep 0.5
done
redis-cli -e -h "$REDIS_HOST" -p "$REDIS_PORT" flushall
copied="$(printf %s "$REDISCLI_AUTH" | restored -e -x eval '${COPY_ALL}' 0 "$REDIS_HOST" "$REDIS_PORT")"
echo "keys restored: $copied"
restored shutdown nosave`,
    },
    storage: choice.storage,
    ports: [spec.port, ...(isWatched ? [sentinelPort] : [])],
  };
}
