import { taskTopology } from '../vocabulary/index.js';
import { requestBudget } from './policies.js';

/** Tasks of the platform (chapter 32.2). */
export const tasks = taskTopology({
  exchange: 'tasks',
  weights: { high: 10, normal: 5, low: 1 },
  retryDelaysSeconds: [60, 120, 240],
  softLimitSeconds: 240,
  hardLimitSeconds: 300,
  modelCallSeconds: requestBudget.modelCallMs / 1000,
  resultTtlSeconds: 3600,
  prefetch: 1,
});

export type TaskPriority = (typeof tasks)['queues'][number]['priority'];
export const TASK_PRIORITIES = tasks.queues.map((queue) => queue.priority);

/** Kinds of task that workers know. */
export const TASK_KINDS = ['chat', 'embed'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export const TASK_STATES = ['pending', 'processing', 'completed', 'failed'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** Texts that one embedding call carries. */
export const EMBEDDING_BATCH_SIZE = 100;
