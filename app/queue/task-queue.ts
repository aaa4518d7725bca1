import type { TaskPriority } from '../../contract/index.js';
import type { Task } from './task.js';

/** What became of a delivery. The queue acknowledges only after the handler has settled. */
export type Outcome =
  | { readonly outcome: 'done' }
  /** Deliver again after the delay, with `attempt` one higher; nothing is held meanwhile. */
  | { readonly outcome: 'retry'; readonly delaySeconds: number }
  /** Deliver again after the delay, as it is: it was not begun. */
  | { readonly outcome: 'later'; readonly delaySeconds: number }
  /** Keep in the dead-letter queue with the reason. */
  | { readonly outcome: 'dead'; readonly reason: string };

/**
 * Handles one delivery and answers with an outcome. Time limits are its own (`runWithLimits`): whoever decides that a task has
 * failed also tells its owner. It should not throw; if it does, the task is dead with the error as its reason.
 */
export type TaskHandler = (task: Task) => Promise<Outcome>;

/** A task that was given up, as it was when it last failed. */
export interface DeadLetter {
  readonly task: Task;
  readonly reason: string;
}

export interface Consumer {
  /** Takes no more work and resolves when what is in hand has been settled. */
  stop(): Promise<void>;
}

/** Three queues consumed by weight, with delayed retries and dead letters. Delivery is at least once. */
export interface TaskQueue {
  /** Resolves when the broker has confirmed the task. @throws if it has not: the task may be lost */
  publish(task: Task): Promise<void>;
  /** @param slots tasks worked on at a time */
  consume(slots: number, handler: TaskHandler): Promise<Consumer>;
  /** Tasks waiting, by priority: neither those in hand nor those that wait for a retry. */
  depths(): Promise<Readonly<Record<TaskPriority, number>>>;
  /** Messages that wait in each queue, by its name: those of the work queues, of the retries, and dead letters. */
  lengths(): Promise<Readonly<Record<string, number>>>;
  /** Oldest first. */
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** Stops every consumer, then lets go of the broker. */
  close(): Promise<void>;
}
