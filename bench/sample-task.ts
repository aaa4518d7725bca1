import { v7 as newId } from 'uuid';
import type { Task } from '../app/queue/task.js';
import type { TaskPriority } from '../contract/index.js';

export function sampleTask(priority: TaskPriority = 'normal'): Task {
  return {
    id: newId(),
    kind: 'chat',
    priority,
    owner: { user: 'ada', tenant: 'acme', tier: 'premium' },
    payload: { session: 's1', message: 'Where are spare seals kept?' },
    attempt: 0,
    createdAt: Date.now(),
  };
}
