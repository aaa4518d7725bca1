import type { TaskKind, TaskPriority, TaskState } from '../../contract/index.js';
import type { Identity } from '../runtime/identity.js';

/** Work that a queue carries. */
export interface Task<P = unknown> {
  /** UUIDv7. */
  readonly id: string;
  readonly kind: TaskKind;
  readonly priority: TaskPriority;
  readonly owner: Identity;
  readonly payload: P;
  /** Attempts that have failed so far. */
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** How often it was taken out of the dead letters and tried anew. @default 0 */
  readonly replays?: number;
  /** W3C trace context of the request that made the task. */
  readonly traceparent?: string | undefined;
}

/** What is known of a task, for as long as its result lives. */
export interface TaskRecord {
  readonly task: Task;
  readonly state: TaskState;
  readonly result?: unknown;
  /** Why it failed, in words for the caller. */
  readonly error?: string;
  /** That the caller's own doing made it fail, as the service that found it told it. */
  readonly refused?: Refused;
  /** A worker gave it up, so that its message belongs with the dead letters; not so when its owner has cancelled it. @default false */
  readonly dead?: boolean;
  readonly updatedAt: number;
  /** How far it has come, where it does many things of one kind. */
  readonly progress?: TaskProgress;
  /** Whoever processes it. */
  readonly worker?: string;
  /** Deliveries of this attempt whose worker was lost before it was done. @default 0 */
  readonly lostWorkers?: number;
}

/** Status and code of an error that is the caller's to mend. */
export interface Refused {
  readonly status: number;
  readonly code: string;
}

/** A task that its owner has ended: whoever waits for its answer is told so. */
export const CANCELLED = { status: 409, code: 'cancelled' } as const satisfies Refused;

export interface TaskProgress {
  readonly done: number;
  readonly total: number;
}
