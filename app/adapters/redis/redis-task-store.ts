import type { Redis } from 'ioredis';
import { type TaskTopology, tasks } from '../../../contract/index.js';
import { erasedRecord, isOf } from '../../queue/erased-record.js';
import type { TaskRecord } from '../../queue/task.js';
import type { TaskJournal } from '../../queue/task-journal.js';
import type { TaskStore } from '../../queue/task-store.js';
import { hasEnded } from '../../queue/task-view.js';
import { GatheredTrips } from './gathered-trips.js';
import { taskChannel } from './redis-task-events.js';
import { scanKeys } from './scan-keys.js';

const WRITE_SCRIPT = `
-- KEYS[1]    ids of the unfinished tasks, by the time of their creation
-- KEYS[n+1]  record of the nth task
-- ARGV       of each task in turn, six: what is to be done, the record as text, id, time of creation in ms,
--            how long the record lives in ms, for a task that has ended, else empty; channel that it is told on, empty for none
-- Result     of each task in turn: of 'put' 1 if it was written, 0 if the task has ended already, for only such a record has a lifetime;
--            of 'begin' the record as it stands, unless the task only waits or is not known: then it is written, and the result is nil;
--            an error, if it failed at its record: the others are written
local function write(record, text, id, created, ttl, channel)
  if ttl == '' then
    redis.call('SET', record, text)
    redis.call('ZADD', KEYS[1], created, id)
  else
    redis.call('SET', record, text, 'PX', ttl)
    redis.call('ZREM', KEYS[1], id)
  end
  if channel ~= '' then redis.call('PUBLISH', channel, text) end
end

local function put(record, ...)
  if redis.call('PTTL', record) >= 0 then return 0 end
  write(record, ...)
  return 1
end

local function begin(record, ...)
  local known = redis.call('GET', record)
  if known then
    local task = cjson.decode(known)
    if task.state ~= 'pending' or (task.lostWorkers or 0) > 0 then return known end
  end
  write(record, ...)
  return false
end

local results = {}
for n = 1, #KEYS - 1 do
  local first = 6 * n - 5
  local step = ARGV[first] == 'begin' and begin or put
  local done, result = pcall(step, KEYS[n + 1], unpack(ARGV, first + 1, first + 5))
  if not done then
    local problem = type(result) == 'table' and result.err or tostring(result)
    local code = problem:match('^%u+ ')
    result = redis.error_reply(problem)
    -- Want of memory, or of a primary, is one for all; nothing was written then.
    if code and code ~= 'WRONGTYPE ' and code ~= 'ERR ' then return result end
  end
  results[n] = result
end
return results
`;

/** A connection that has learnt the script. */
type WritingRedis = Redis & {
  armatureWriteTasks(
    keyCount: number,
    ...keysAndArgs: readonly (string | number)[]
  ): Promise<readonly (Written | Error)[]>;
};

/** A record to be written, as the script takes it. */
interface Writing {
  readonly what: 'put' | 'begin';
  readonly text: string;
  readonly id: string;
  readonly createdAt: number;
  readonly ttlMs: number | '';
  readonly channel: string;
}
/** What the script says of it. */
type Written = number | string | null;

/** Ids of the tasks that have not ended, by the time of their creation. */
const UNFINISHED = 'tasks:unfinished';
/** Records that are read in one trip. */
const BATCH = 500;

/** States and results of tasks in Redis, which forgets a result by itself. */
export class RedisTaskStore implements TaskStore, TaskJournal {
  readonly #redis: WritingRedis;
  readonly #resultTtlMs: number;
  readonly #writes = new GatheredTrips<Writing, Written>((all) => {
    const keys = [UNFINISHED];
    const args: (string | number)[] = [];
    for (const { what, text, id, createdAt, ttlMs, channel } of all) {
      keys.push(keyOf(id));
      args.push(what, text, id, createdAt, ttlMs, channel);
    }
    return this.#redis.armatureWriteTasks(keys.length, ...keys, ...args);
  });

  /** @param topology says how long a result lives. @default the platform's */
  constructor(redis: Redis, topology: Pick<TaskTopology, 'resultTtlSeconds'> = tasks) {
    redis.defineCommand('armatureWriteTasks', { lua: WRITE_SCRIPT });
    this.#redis = redis as WritingRedis;
    this.#resultTtlMs = topology.resultTtlSeconds * 1000;
  }

  put(record: TaskRecord): Promise<boolean> {
    return this.#put(record, '');
  }

  /** Writes a record and tells it in one step. */
  enter(record: TaskRecord): Promise<boolean> {
    return this.#put(record, taskChannel(record.task.id));
  }

  async begin(record: TaskRecord): Promise<TaskRecord | undefined> {
    const known = await this.#write('begin', record, taskChannel(record.task.id));
    return known === null ? undefined : JSON.parse(String(known));
  }

  async #put(record: TaskRecord, channel: string): Promise<boolean> {
    return (await this.#write('put', record, channel)) === 1;
  }

  #write(what: Writing['what'], record: TaskRecord, channel: string): Promise<Written> {
    const { id, createdAt } = record.task;
    const ttlMs = hasEnded(record) ? this.#resultTtlMs : '';
    return this.#writes.take({ what, text: JSON.stringify(record), id, createdAt, ttlMs, channel });
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
