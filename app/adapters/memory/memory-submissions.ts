import type { Submissions } from '../../queue/submissions.js';

/** Submissions of one process. */
export class MemorySubmissions implements Submissions {
  readonly #begun = new Map<string, number>();

  async begin(taskId: string, at: number): Promise<void> {
    this.#begun.set(taskId, at);
  }

  async end(taskId: string): Promise<void> {
    this.#begun.delete(taskId);
  }

  async begunBefore(at: number): Promise<readonly string[]> {
    const old = [...this.#begun].filter(([, begun]) => begun < at);
    return old.sort(([, a], [, b]) => a - b).map(([id]) => id);
  }
}
