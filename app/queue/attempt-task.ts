import type { Task } from './task.js';
import type { Outcome, TaskHandler } from './task-queue.js';

/** Gives a task to a handler. A handler that throws leaves it dead, with the error as the reason. */
export async function attemptTask(handler: TaskHandler, task: Task): Promise<Outcome> {
  try {
    // Begins after the caller's own turn, so that publishing never runs a handler.
    return await Promise.resolve(task).then((one) => handler(one));
  } catch (error) {
    return { outcome: 'dead', reason: `The handler threw: ${error instanceof Error ? error.message : String(error)}` };
  }
}
