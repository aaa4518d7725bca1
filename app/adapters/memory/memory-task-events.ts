import type { TaskRecord } from '../../queue/task.js';
import type { TaskEvents } from '../../queue/task-events.js';

type Listener = (record: TaskRecord) => void;

/** Task events within one process. */
export class MemoryTaskEvents implements TaskEvents {
  readonly #cancelListeners = new Set<{ readonly listener: (taskId: string) => void }>();
  readonly #workers = new Set<string>();
  readonly #subscriptions = new Map<string, Set<{ readonly listener: Listener }>>();

  async publish(record: TaskRecord): Promise<void> {
    for (const subscription of this.#subscriptions.get(record.task.id) ?? []) {
      // Apart from the publisher, as a broker would: a listener that throws is no fault of the worker's.
      queueMicrotask(() => {
        if (this.#subscriptions.get(record.task.id)?.has(subscription)) subscription.listener(record);
      });
    }
  }

  async subscribe(taskId: string, listener: Listener): Promise<() => Promise<void>> {
    const subscription = { listener }; // an object of its own: one function may subscribe twice
    const all = this.#subscriptions.get(taskId) ?? new Set();
    this.#subscriptions.set(taskId, all.add(subscription));
    return async () => {
      if (all.delete(subscription) && all.size === 0) this.#subscriptions.delete(taskId);
    };
  }

  async cancel(taskId: string): Promise<void> {
    for (const subscription of this.#cancelListeners) {
      queueMicrotask(() => {
        if (this.#cancelListeners.has(subscription)) subscription.listener(taskId);
      });
    }
  }

  async onCancel(listener: (taskId: string) => void): Promise<() => Promise<void>> {
    const subscription = { listener };
    this.#cancelListeners.add(subscription);
    return async () => void this.#cancelListeners.delete(subscription);
  }

  async announce(workerId: string): Promise<() => Promise<void>> {
    this.#workers.add(workerId);
    return async () => void this.#workers.delete(workerId);
  }

  async isThere(workerId: string): Promise<boolean> {
    return this.#workers.has(workerId);
  }
}
