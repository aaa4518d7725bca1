import type { Redis } from 'ioredis';
import { type TaskTopology, tasks } from '../../../contract/index.js';
import type { TaskRecord } from '../../queue/task.js';
import type { TaskStore } from '../../queue/task-store.js';
import { hasEnded } from '../../queue/task-view.js';

/** Ids of the tasks that have not ended, by the time of their creation. */
const UNFINISHED = 'tasks:unfinished';
/** Records that are read in one trip. */
const BATCH = 500;

/** States and results of tasks in Redis, which forgets a result by itself. */
export class RedisTaskStore implements TaskStore {
  readonly #resultTtlMs: number;

  /** @param topology says how long a result lives. @default the platform's */
  constructor(
    private readonly redis: Redis,
    topology: Pick<TaskTopology, 'resultTtlSeconds'> = tasks,
  ) {
    this.#resultTtlMs = topology.resultTtlSeconds * 1000;
  }

  async put(record: TaskRecord): Promise<void> {
    const { id, createdAt } = record.task;
    const text = JSON.stringify(record);
    const both = this.redis.multi();
    if (hasEnded(record)) both.set(keyOf(id), text, 'PX', this.#resultTtlMs).zrem(UNFINISHED, id);
    else both.set(keyOf(id), text).zadd(UNFINISHED, createdAt, id);
    await allDone(both.exec());
  }

  async get(id: string): Promise<TaskRecord | undefined> {
    const text = await this.redis.get(keyOf(id));
    return text === null ? undefined : JSON.parse(text);
  }

  async unfinished(): Promise<readonly TaskRecord[]> {
    const ids = await this.redis.zrange(UNFINISHED, 0, -1);
    const records: TaskRecord[] = [];
    for (let start = 0; start < ids.length; start += BATCH) {
      const texts = await this.redis.mget(ids.slice(start, start + BATCH).map(keyOf));
      for (const text of texts) if (text !== null) records.push(JSON.parse(text));
    }
    return records;
  }
}

function keyOf(id: string): string {
  return `task:${id}`;
}

/** @throws the first error of a transaction's commands */
async function allDone(results: Promise<[Error | null, unknown][] | null>): Promise<void> {
  for (const [error] of (await results) ?? []) if (error) throw error;
}
