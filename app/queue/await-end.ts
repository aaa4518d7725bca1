import type { TaskRecord } from './task.js';
import type { TaskEvents } from './task-events.js';
import type { TaskStore } from './task-store.js';
import { hasEnded } from './task-view.js';

/**
 * Waits until a task has ended, by its events rather than by polling.
 *
 * @returns the latest record when it ends or `signal` aborts; `undefined` for an unknown task
 */
export async function awaitEnd(
  id: string,
  { tasks, events }: { readonly tasks: TaskStore; readonly events: TaskEvents },
  signal: AbortSignal,
): Promise<TaskRecord | undefined> {
  let wake = () => {};
  const woken = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const unsubscribe = await events.subscribe(id, (record) => {
    if (hasEnded(record)) wake();
  });
  try {
    // Read after subscribing: an end between the two is seen by one of them.
    const current = await tasks.get(id);
    if (current === undefined || hasEnded(current) || signal.aborted) return current;
    signal.addEventListener('abort', wake, { once: true });
    await woken;
    return await tasks.get(id);
  } finally {
    signal.removeEventListener('abort', wake);
    await unsubscribe();
  }
}
