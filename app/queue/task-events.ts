import type { TaskRecord } from './task.js';

/**
 * Tells every replica that a task's state has changed. Nothing is kept for later: who subscribes reads the task store afterwards,
 * so that no change falls in between.
 */
export interface TaskEvents {
  publish(record: TaskRecord): Promise<void>;
  /**
   * The listener hears the records of a task in the order of their publication. It must not throw.
   * @returns a function that ends the subscription
   */
  subscribe(taskId: string, listener: (record: TaskRecord) => void): Promise<() => Promise<void>>;
  /** Tells whoever works on the task that nobody wants it any more. */
  cancel(taskId: string): Promise<void>;
  /**
   * The listener hears the ids of all cancelled tasks. It must not throw.
   * @returns a function that ends the subscription
   */
  onCancel(listener: (taskId: string) => void): Promise<() => Promise<void>>;
  /**
   * Says that a worker is there, for as long as its process lives.
   * @returns a function that says that it has left
   */
  announce(workerId: string): Promise<() => Promise<void>>;
  /** Whether a worker is there that has announced itself. */
  isThere(workerId: string): Promise<boolean>;
}
