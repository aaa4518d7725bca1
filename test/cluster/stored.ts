import { postgres, rabbitmq, redis } from '../../contract/index.js';
import type { DeployedPlatform } from './deployed-platform.js';

/** What the stores of a platform hold, by their own command lines. */
export function storedIn(platform: DeployedPlatform) {
  const exec = (store: string, ...command: string[]) => platform.exec(`${store}-0`, store, ...command);
  const sql = async (query: string) => (await exec(postgres.name, 'psql', '-U', 'armature', '-Atc', query)).trim();
  return {
    sources: () => sql('SELECT source FROM documents'),
    documentCount: () => sql('SELECT count(*) FROM documents'),
    /** Keys of Redis that match a pattern. */
    keys: (pattern: string) =>
      exec(
        redis.name,
        'sh',
        '-c',
        `REDISCLI_AUTH="$(cat /run/armature/password)" redis-cli --no-raw --scan --pattern "${pattern}"`,
      ),
    /** A line of each queue, with the number of its consumers. */
    queues: () => exec(rabbitmq.name, 'rabbitmqctl', 'list_queues', '-q', 'name', 'consumers'),
  };
}
