import type { TaskView } from '../../contract/index.js';
import type { TaskRecord } from './task.js';

/** A task as its owner may see it. */
export function viewTask({ task, state, result, error, refused, progress }: TaskRecord): TaskView {
  return {
    task_id: task.id,
    kind: task.kind,
    status: state,
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error }),
    ...(refused === undefined ? {} : { refused }),
    ...(progress === undefined ? {} : { progress }),
    check_url: `/tasks/${task.id}`,
  };
}

/** Whether a task has reached its last state. */
export function hasEnded({ state }: TaskRecord): boolean {
  return state === 'completed' || state === 'failed';
}
