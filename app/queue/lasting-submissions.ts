import type { Submissions } from './submissions.js';

/**
 * Submissions whose end is written later when it could not be at once: a task that waits in its queue for long would else be taken for one
 * that the queue never got, and its owner told that it failed.
 */
export class LastingSubmissions implements Submissions {
  /** Ended, and not written to be. */
  readonly #owed = new Set<string>();

  constructor(private readonly submissions: Submissions) {}

  begin(taskId: string, at: number): Promise<void> {
    return this.submissions.begin(taskId, at);
  }

  /** Never rejects. */
  async end(taskId: string): Promise<void> {
    this.#owed.add(taskId);
    await this.#write(taskId).catch(() => undefined); // it is owed
  }

  /** Writes first what is owed. */
  async begunBefore(at: number): Promise<readonly string[]> {
    for (const taskId of [...this.#owed]) await this.#write(taskId);
    return this.submissions.begunBefore(at);
  }

  async #write(taskId: string): Promise<void> {
    await this.submissions.end(taskId);
    this.#owed.delete(taskId);
  }
}
