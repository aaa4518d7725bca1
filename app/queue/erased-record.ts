import type { Identity } from '../runtime/identity.js';
import type { Task, TaskRecord } from './task.js';

/** What is left of a task whose owner wants to be forgotten: that it has ended, however often it was replayed. */
export function erasedRecord({ task, updatedAt }: TaskRecord): TaskRecord {
  const { id, kind, priority, attempt, createdAt, replays } = task;
  const owner = { user: '', tenant: '', tier: task.owner.tier };
  const bare: Task = {
    ...{ id, kind, priority, attempt, createdAt, owner, payload: null },
    ...(replays !== undefined && { replays }),
  };
  return { task: bare, state: 'failed', error: 'Its owner was forgotten.', updatedAt };
}

/** Whether a record is of a task of that user. */
export function isOf({ task: { owner } }: TaskRecord, { tenant, user }: Pick<Identity, 'tenant' | 'user'>): boolean {
  return owner.tenant === tenant && owner.user === user;
}
