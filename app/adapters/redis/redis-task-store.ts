import type { Redis } from 'ioredis';
import { type TaskTopology, tasks } from '../../../contract/index.js';
import { erasedRecord, isOf } from '../../queue/erased-record.js';
import type { TaskRecord } from '../../queue/task.js';
import type { TaskJournal } from '../../queue/task-journal.js';
import type { TaskStore } from '../../queue/task-store.js';
import { hasEnded } from '../../queue/task-view.js';
import { taskChannel } from './redis-task-events.js';
import { scanKeys } from './scan-keys.js';

const PUT_SCRIPT = `
-- KEYS[1]  record of the task
-- KEYS[2]  ids of the unfinished tasks, by the time of their creation
-- ARGV[1]  record, as text
-- ARGV[2]  id
-- ARGV[3]  time of creation in ms
-- ARGV[4]  how long the record lives in ms, for a task that has ended; else empty
-- ARGV[5]  channel that it is told on; empty for none
-- Result   1 if it was written, 0 if the task has ended already: only such a record has a lifetime
if redis.call('PTTL', KEYS[1]) >= 0 then return 0 end
if ARGV[4] == '' then
  redis.call('SET', KEYS[1], ARGV[1])
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[4])
  redis.call('ZREM', KEYS[2], ARGV[2])
end
if ARGV[5] ~= '' then redis.call('PUBLISH', ARGV[5], ARGV[1]) end
return 1
`;

const BEGIN_SCRIPT = `
-- KEYS, ARGV[1] to ARGV[3]  as above
-- ARGV[4]  channel that it is told on
-- Result   the record as it stands, unless the task only waits or is not known: then it is written, and the result is nil
local text = redis.call('GET', KEYS[1])
if text then
  local known = cjson.decode(text)
  if known.state ~= 'pending' or (known.lostWorkers or 0) > 0 then return text end
end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
redis.call('PUBLISH', ARGV[4], ARGV[1])
return false
`;

/** A connection that has learnt the scripts. */
type PuttingRedis = Redis & {
  armaturePutTask(record: string, unfinished: string, ...args: readonly (string | number)[]): Promise<number>;
  armatureBeginTask(record: string, unfinished: string, ...args: readonly (string | number)[]): Promise<string | null>;
};

/** Ids of the tasks that have not ended, by the time of their creation. */
const UNFINISHED = 'tasks:unfinished';
/** Records that are read in one trip. */
const BATCH = 500;

/** States and results of tasks in Redis, which forgets a result by itself. */
export class RedisTaskStore implements TaskStore, TaskJournal {
  readonly #redis: PuttingRedis;
  readonly #resultTtlMs: number;

  /** @param topology says how long a result lives. @default the platform's */
  constructor(redis: Redis, topology: Pick<TaskTopology, 'resultTtlSeconds'> = tasks) {
    redis.defineCommand('armaturePutTask', { numberOfKeys: 2, lua: PUT_SCRIPT });
    redis.defineCommand('armatureBeginTask', { numberOfKeys: 2, lua: BEGIN_SCRIPT });
    this.#redis = redis as PuttingRedis;
    this.#resultTtlMs = topology.resultTtlSeconds * 1000;
  }

  put(record: TaskRecord): Promise<boolean> {
    return this.#write(record, '');
  }

  /** Writes a record and tells it in one trip. */
  enter(record: TaskRecord): Promise<boolean> {
    return this.#write(record, taskChannel(record.task.id));
  }

  async begin(record: TaskRecord): Promise<TaskRecord | undefined> {
    const { id, createdAt } = record.task;
    const [text, channel] = [JSON.stringify(record), taskChannel(id)];
    const known = await this.#redis.armatureBeginTask(keyOf(id), UNFINISHED, text, id, createdAt, channel);
    return known === null ? undefined : JSON.parse(known);
  }

  async #write(record: TaskRecord, channel: string): Promise<boolean> {
    const { id, createdAt } = record.task;
    const ttlMs = hasEnded(record) ? this.#resultTtlMs : '';
    return (
      (await this.#redis.armaturePutTask(
        keyOf(id),
        UNFINISHED,
        JSON.stringify(record),
        id,
        createdAt,
        ttlMs,
        channel,
      )) === 1
    );
  }

  async get(id: string): Promise<TaskRecord | undefined> {
    const text = await this.#redis.get(keyOf(id));
    return text === null ? undefined : JSON.parse(text);
  }

  async forget(id: string): Promise<void> {
    await this.#redis.multi().unlink(keyOf(id)).zrem(UNFINISHED, id).exec();
  }

  /** Looks at every task: their records live for an hour, and nobody is forgotten often enough for an index of owners. */
  async erase(owner: Parameters<TaskStore['erase']>[0]): Promise<readonly TaskRecord[]> {
    const left: TaskRecord[] = [];
    for await (const keys of scanKeys(this.#redis, keyOf('*'), BATCH)) {
      for (const text of await this.#redis.mget(keys)) {
        const record: TaskRecord | undefined = text === null ? undefined : JSON.parse(text);
        if (record === undefined || !isOf(record, owner)) continue;
        const { id } = record.task;
        const erased = erasedRecord(record);
        const results = await this.#redis
          .multi()
          .set(keyOf(id), JSON.stringify(erased), 'PX', this.#resultTtlMs)
          .zrem(UNFINISHED, id)
          .exec();
        for (const [error] of results ?? []) if (error) throw error;
        left.push(erased);
      }
    }
    return left;
  }

  async unfinished(): Promise<readonly TaskRecord[]> {
    const ids = await this.#redis.zrange(UNFINISHED, 0, -1);
    const records: TaskRecord[] = [];
    for (let start = 0; start < ids.length; start += BATCH) {
      const texts = await this.#redis.mget(ids.slice(start, start + BATCH).map(keyOf));
      for (const text of texts) if (text !== null) records.push(JSON.parse(text));
    }
    return records;
  }
}

function keyOf(id: string): string {
  return `task:${id}`;
}
