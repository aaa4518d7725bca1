import { v7 as newId } from 'uuid';
import type { Task } from '../../app/queue/task.js';

/** A task as the chat service makes them. */
export function sampleTask(changes: Partial<Task> = {}): Task {
  return {
    id: newId(),
    kind: 'chat',
    priority: 'normal',
    owner: { user: 'ada', tenant: 'acme', tier: 'premium' },
    payload: { session: 's1', message: 'Größe? \u{1F600}', options: { topics: ['a', 'b'], depth: null } },
    attempt: 0,
    createdAt: Date.UTC(2026, 0, 1),
    ...changes,
  };
}
