import type { Redis } from 'ioredis';
import { RedisTaskStore } from '../../app/adapters/redis/redis-task-store.js';
import type { TaskRecord } from '../../app/queue/task.js';
import { hasEnded } from '../../app/queue/task-view.js';

/** What became of the tasks that were accepted. */
export interface Account {
  readonly accepted: number;
  readonly delivered: number;
  readonly reportedFailed: number;
  /** Accepted, and neither delivered nor reported failed. */
  readonly lost: number;
  /** Tasks whose end was told more than once. */
  readonly doubled: number;
  /** Runs beyond a task's first: what delivery at least once costs. */
  readonly runsAgain: number;
}

/** Hears every task event, and asks the store how tasks ended. */
export class TaskWitness {
  readonly #subscriber: Redis;
  readonly #store: RedisTaskStore;
  readonly #ends = new Map<string, number>();
  readonly #processing = new Set<string>();

  private constructor(private readonly redis: Redis) {
    this.#store = new RedisTaskStore(redis);
    this.#subscriber = redis.duplicate();
    this.#subscriber.on('error', () => undefined); // It comes back by itself.
    this.#subscriber.on('pmessage', (_pattern, _channel, text) => this.#hear(JSON.parse(text)));
  }

  static async start(redis: Redis): Promise<TaskWitness> {
    const witness = new TaskWitness(redis);
    await witness.#subscriber.psubscribe('task-events:*');
    return witness;
  }

  /** Ids of the tasks that workers are at, as far as it has heard. */
  get inHand(): readonly string[] {
    return [...this.#processing];
  }

  /** Ids of those that have not ended. @throws while the store is away */
  async open(ids: readonly string[]): Promise<string[]> {
    const records = await Promise.all(ids.map((id) => this.#store.get(id)));
    return ids.filter((_, i) => {
      const record = records[i];
      return record === undefined || !hasEnded(record);
    });
  }

  async account(ids: readonly string[]): Promise<Account> {
    const records = await Promise.all(ids.map((id) => this.#store.get(id)));
    const delivered = records.filter((record) => record?.state === 'completed').length;
    const reportedFailed = records.filter((record) => record?.state === 'failed').length;
    const runs = await this.redis.hgetall('runs');
    return {
      accepted: ids.length,
      delivered,
      reportedFailed,
      lost: ids.length - delivered - reportedFailed,
      doubled: ids.filter((id) => (this.#ends.get(id) ?? 0) > 1).length,
      runsAgain: ids.reduce((sum, id) => sum + Math.max(0, Number(runs[id] ?? 0) - 1), 0),
    };
  }

  stop(): void {
    this.#subscriber.disconnect();
  }

  #hear(record: TaskRecord): void {
    const { id } = record.task;
    if (record.state === 'processing') this.#processing.add(id);
    else this.#processing.delete(id);
    if (hasEnded(record)) this.#ends.set(id, (this.#ends.get(id) ?? 0) + 1);
  }
}
