/** Nobody wants the task any more. */
export class TaskCancelledError extends Error {
  override readonly name = 'TaskCancelledError';

  constructor() {
    super('The task was cancelled.');
  }
}

/** The tasks that this process works on, so that each can be told when it is cancelled. */
export class RunningTasks {
  readonly #running = new Map<string, Set<AbortController>>();

  /** Runs work with a controller that aborts with a {@link TaskCancelledError}; the work may abort it too. */
  async run<T>(taskId: string, work: (controller: AbortController) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const all = this.#running.get(taskId) ?? new Set();
    this.#running.set(taskId, all.add(controller));
    try {
      return await work(controller);
    } finally {
      all.delete(controller);
      if (all.size === 0) this.#running.delete(taskId);
    }
  }

  /** Tells whoever works on the task; nobody may. */
  cancel(taskId: string): void {
    for (const controller of this.#running.get(taskId) ?? []) controller.abort(new TaskCancelledError());
  }
}
