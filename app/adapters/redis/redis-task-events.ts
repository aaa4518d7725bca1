import type { Redis } from 'ioredis';
import type { TaskRecord } from '../../queue/task.js';
import type { TaskEvents } from '../../queue/task-events.js';

type Listener = (text: string) => void;

const CANCELLATIONS = 'task-cancellations';

/** Task events over Redis's publish and subscribe: one channel a task, one connection for all subscriptions of a process. */
export class RedisTaskEvents implements TaskEvents {
  readonly #subscriber: Redis;
  readonly #subscriptions = new Map<string, Set<{ readonly listener: Listener }>>();

  constructor(
    private readonly redis: Redis,
    onError: (error: unknown) => void,
  ) {
    // The driver sends a subscription before its check of a new connection, which is then refused, and takes that for a dead server.
    this.#subscriber = redis.duplicate({ enableReadyCheck: false });
    this.#subscriber.on('error', onError);
    this.#subscriber.on('message', (channel, text) => {
      for (const { listener } of this.#subscriptions.get(channel) ?? []) listener(text);
    });
  }

  async publish(record: TaskRecord): Promise<void> {
    await this.redis.publish(taskChannel(record.task.id), JSON.stringify(record));
  }

  subscribe(taskId: string, listener: (record: TaskRecord) => void): Promise<() => Promise<void>> {
    return this.#listen(taskChannel(taskId), (text) => listener(JSON.parse(text)));
  }

  async cancel(taskId: string): Promise<void> {
    await this.redis.publish(CANCELLATIONS, taskId);
  }

  onCancel(listener: (taskId: string) => void): Promise<() => Promise<void>> {
    return this.#listen(CANCELLATIONS, listener);
  }

  /** A worker subscribes to a channel of its own, on which nothing is said: Redis knows who subscribes, and forgets who is gone. */
  announce(workerId: string): Promise<() => Promise<void>> {
    return this.#listen(workerChannel(workerId), () => undefined);
  }

  async isThere(workerId: string): Promise<boolean> {
    const [, subscribers] = await this.redis.pubsub('NUMSUB', workerChannel(workerId));
    return Number(subscribers) > 0;
  }

  /** Ends every subscription, and the connection that they came by. */
  async close(): Promise<void> {
    this.#subscriptions.clear();
    if (this.#subscriber.status === 'ready') await this.#subscriber.quit();
    else this.#subscriber.disconnect();
  }

  async #listen(channel: string, listener: Listener): Promise<() => Promise<void>> {
    const subscription = { listener }; // an object of its own: one function may subscribe twice
    const all = this.#subscriptions.get(channel) ?? new Set();
    this.#subscriptions.set(channel, all.add(subscription));
    const end = async () => {
      if (!all.delete(subscription) || all.size > 0) return;
      this.#subscriptions.delete(channel);
      await this.#subscriber.unsubscribe(channel);
    };
    try {
      await this.#subscriber.subscribe(channel);
    } catch (error) {
      await end().catch(() => undefined);
      throw error;
    }
    return end;
  }
}

/** The channel that a task's records are told on. */
export function taskChannel(taskId: string): string {
  return `task-events:${taskId}`;
}

function workerChannel(workerId: string): string {
  return `workers:${workerId}`;
}
