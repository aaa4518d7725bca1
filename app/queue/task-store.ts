import type { TaskRecord } from './task.js';

/** States and results of tasks. An ended task is forgotten after the topology's result lifetime. */
export interface TaskStore {
  put(record: TaskRecord): Promise<void>;
  get(id: string): Promise<TaskRecord | undefined>;
  /** Tasks that are pending or processing, oldest first: what a restart must take up again. */
  unfinished(): Promise<readonly TaskRecord[]>;
}
