import type { Identity } from '../runtime/identity.js';
import type { TaskRecord } from './task.js';

/** States and results of tasks. An ended task is forgotten after the topology's result lifetime. */
export interface TaskStore {
  /**
   * Writes a record, unless the task has ended: delivery is at least once, and whoever ends a task first has ended it.
   * @returns whether it was written
   */
  put(record: TaskRecord): Promise<boolean>;
  get(id: string): Promise<TaskRecord | undefined>;
  /** Forgets a task at once, so that it can begin anew. */
  forget(id: string): Promise<void>;
  /**
   * Ends every task of a user and forgets whose it was, what it asked and what it answered. The id stays, ended, as long as a result would: a
   * delivery that still comes must find that there is nothing to do.
   * @returns what is left of all of them
   */
  erase(owner: Pick<Identity, 'tenant' | 'user'>): Promise<readonly TaskRecord[]>;
  /** Tasks that are pending or processing, oldest first: what a restart must take up again. */
  unfinished(): Promise<readonly TaskRecord[]>;
}
