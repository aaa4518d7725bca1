import type { TaskRecord } from './task.js';

/** Tells every replica that a task's state has changed. */
export interface TaskEvents {
  publish(record: TaskRecord): Promise<void>;
  /** @returns a function that ends the subscription */
  subscribe(taskId: string, listener: (record: TaskRecord) => void): Promise<() => Promise<void>>;
}
