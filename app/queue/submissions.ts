/**
 * Tasks whose record is written and whose publication is under way. What stays here for long was left by a process that died between the
 * two, or that could not write that the queue had refused the task.
 */
export interface Submissions {
  /** @param at milliseconds since the epoch */
  begin(taskId: string, at: number): Promise<void>;
  /** The queue has the task, or its record tells that it has not. */
  end(taskId: string): Promise<void>;
  /** Oldest first. */
  begunBefore(at: number): Promise<readonly string[]>;
}
