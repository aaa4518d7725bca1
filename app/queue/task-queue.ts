import type { TaskPriority } from '../../contract/index.js';
import type { Task } from './task.js';

/** What became of a delivery. The queue acknowledges only after the handler has settled. */
export type Outcome =
  | { readonly outcome: 'done' }
  /** Deliver again after the delay; nothing is held meanwhile. */
  | { readonly outcome: 'retry'; readonly delaySeconds: number }
  /** Keep in the dead-letter queue with the reason. */
  | { readonly outcome: 'dead'; readonly reason: string };

/** Handles one delivery. @param signal aborts at the soft limit. It must not throw: it answers with an outcome. */
export type TaskHandler = (task: Task, signal: AbortSignal) => Promise<Outcome>;

export interface Consumer {
  /** Takes no more work and resolves when what is in hand has been settled. */
  stop(): Promise<void>;
}

/** Three queues consumed by weight, with delayed retries and dead letters. Delivery is at least once. */
export interface TaskQueue {
  /** Resolves when the broker has confirmed the task. */
  publish(task: Task): Promise<void>;
  /** @param slots tasks worked on at a time */
  consume(slots: number, handler: TaskHandler): Promise<Consumer>;
  /** Tasks waiting, by priority. */
  depths(): Promise<Readonly<Record<TaskPriority, number>>>;
  deadLetters(): Promise<readonly { readonly task: Task; readonly reason: string }[]>;
  close(): Promise<void>;
}
