import type { TaskRecord } from './task.js';
import type { TaskEvents } from './task-events.js';
import type { TaskStore } from './task-store.js';

/** Writes the states of tasks and tells them to whoever listens. */
export interface TaskJournal {
  /** @returns whether it was written, and so told: not when the task has ended meanwhile, by its owner or by another worker */
  enter(record: TaskRecord): Promise<boolean>;
  /**
   * Enters that a task is being worked on, in one step where the journal can, when all that is known of it is that it waits.
   * @returns what else is known of it: nothing was written then
   */
  begin(record: TaskRecord): Promise<TaskRecord | undefined>;
}

/** Whether a task only waits, so that whoever has it may begin: it has not ended, and no worker has had it and was lost. */
export function onlyWaits(known: TaskRecord | undefined): boolean {
  return known === undefined || (known.state === 'pending' && (known.lostWorkers ?? 0) === 0);
}

/** The journal of a store and of events that know nothing of each other. */
export function journalOf(tasks: TaskStore, events: TaskEvents): TaskJournal {
  const enter = async (record: TaskRecord): Promise<boolean> => {
    const written = await tasks.put(record);
    if (written) await events.publish(record);
    return written;
  };
  const begin = async (record: TaskRecord): Promise<TaskRecord | undefined> => {
    const known = await tasks.get(record.task.id);
    if (!onlyWaits(known)) return known;
    return (await enter(record)) ? undefined : tasks.get(record.task.id);
  };
  return { enter, begin };
}
