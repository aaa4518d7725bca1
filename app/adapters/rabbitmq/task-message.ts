import * as z from 'zod';
import { TASK_KINDS, TASK_PRIORITIES, TIERS, TRACE_HEADER } from '../../../contract/index.js';
import type { Task } from '../../queue/task.js';

const taskMessage = z.object({
  id: z.string().min(1),
  kind: z.enum(TASK_KINDS),
  priority: z.enum(TASK_PRIORITIES),
  owner: z.object({ user: z.string(), tenant: z.string(), tier: z.enum(TIERS) }),
  payload: z.unknown(),
  attempt: z.int().min(0),
  createdAt: z.number(),
  replays: z.int().min(0).optional(),
  traceparent: z.string().optional(),
});

/** Properties of a task's message. The trace context stands in a header too, where instrumentation looks for it. */
export function propertiesOf({ id, traceparent }: Task) {
  return {
    messageId: id,
    durable: true,
    headers: traceparent === undefined ? {} : { [TRACE_HEADER]: traceparent },
  };
}

/** @returns `undefined` for a message that is no task */
export function readTask(body: unknown): Task | undefined {
  const { success } = taskMessage.safeParse(body);
  return success ? (body as Task) : undefined;
}
