import { taskPolicy } from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';
import type { Submissions } from './submissions.js';
import type { TaskEvents } from './task-events.js';
import type { TaskStore } from './task-store.js';

/** What the owner of a task is told that no queue has. */
export const UNPUBLISHED = 'The queue did not take the task.';

export interface UnpublishedDeps {
  readonly tasks: TaskStore;
  readonly submissions: Submissions;
  readonly events: Pick<TaskEvents, 'publish'>;
  readonly clock: Clock;
}

/**
 * Ends the tasks that wait for a worker and never came into the queue, as far as anybody knows. Should the queue have one after all, its worker finds that it has ended.
 * One that a worker has begun was published: its submission alone is forgotten.
 * @returns how many there were
 */
export async function failUnpublished({ tasks, submissions, events, clock }: UnpublishedDeps): Promise<number> {
  let failed = 0;
  for (const id of await submissions.begunBefore(clock() - taskPolicy.submissionSeconds * 1000)) {
    const known = await tasks.get(id);
    if (known?.state === 'pending' && known.task.attempt === 0 && known.lostWorkers === undefined) {
      const ended = { task: known.task, state: 'failed', error: UNPUBLISHED, updatedAt: clock() } as const;
      if (await tasks.put(ended)) {
        await events.publish(ended);
        failed += 1;
      }
    }
    await submissions.end(id);
  }
  return failed;
}
