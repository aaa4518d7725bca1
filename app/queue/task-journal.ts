import type { TaskRecord } from './task.js';
import type { TaskEvents } from './task-events.js';
import type { TaskStore } from './task-store.js';

/** Writes the states of tasks and tells them to whoever listens. */
export interface TaskJournal {
  /** @returns whether it was written, and so told: not when the task has ended meanwhile, by its owner or by another worker */
  enter(record: TaskRecord): Promise<boolean>;
}

/** The journal of a store and of events that know nothing of each other. */
export function journalOf(tasks: TaskStore, events: TaskEvents): TaskJournal {
  return {
    async enter(record) {
      const written = await tasks.put(record);
      if (written) await events.publish(record);
      return written;
    },
  };
}
