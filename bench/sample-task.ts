import { v7 as newId } from 'uuid';
import type { Task } from '../app/queue/task.js';

export function sampleTask(): Task {
  return {
    id: newId(),
    kind: 'chat',
    priority: 'normal',
    owner: { user: 'ada', tenant: 'acme', tier: 'premium' },
    payload: { session: 's1', message: 'Where are spare seals kept?' },
    attempt: 0,
    createdAt: Date.now(),
  };
}
