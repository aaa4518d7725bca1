import type { Connection, SyncMessage } from 'rabbitmq-client';
import { DEAD_REASON_HEADER, type TaskTopology } from '../../../contract/index.js';
import type { Task } from '../../queue/task.js';
import { readTask } from './task-message.js';

/** A message of the dead-letter queue. */
export interface DeadMessage {
  /** `undefined` for a message that was never a task. */
  readonly task: Task | undefined;
  readonly body: unknown;
  readonly reason: string;
}

/** What becomes of a dead message that was looked at. */
export type Verdict = 'keep' | 'remove';

/**
 * Looks at the dead letters, oldest first. They are held meanwhile, and what is kept goes back to its place.
 *
 * @param limit at most so many
 * @param visit may pass a message on before it is removed
 */
export async function visitDeadLetters(
  connection: Connection,
  { deadLetterQueue }: Pick<TaskTopology, 'deadLetterQueue'>,
  limit: number,
  visit: (message: DeadMessage) => Verdict | Promise<Verdict>,
): Promise<void> {
  const channel = await connection.acquire();
  try {
    for (let seen = 0; seen < limit; seen += 1) {
      const message = await channel.basicGet(deadLetterQueue);
      if (message === undefined) return;
      if ((await visit(read(message))) === 'remove') channel.basicAck({ deliveryTag: message.deliveryTag });
    }
  } finally {
    await channel.close(); // which returns what was not acknowledged
  }
}

function read({ body, headers }: SyncMessage): DeadMessage {
  return { task: readTask(body), body, reason: reasonOf(headers ?? {}) };
}

function reasonOf(headers: Readonly<Record<string, unknown>>): string {
  const reason = headers[DEAD_REASON_HEADER];
  if (typeof reason === 'string') return reason;
  return `The broker gave it up: ${String(headers['x-first-death-reason'] ?? 'it says no reason')}.`;
}
