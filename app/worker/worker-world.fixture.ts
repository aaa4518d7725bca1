import { worker } from '../../contract/index.js';
import { MemoryTaskEvents } from '../adapters/memory/memory-task-events.js';
import { IN_MEMORY, openDatabase } from '../adapters/sql/database.js';
import { SqlTaskStore } from '../adapters/sql/sql-task-store.js';
import { RunningTasks } from '../queue/running-tasks.js';
import type { Task } from '../queue/task.js';
import { journalOf } from '../queue/task-journal.js';
import type { TaskHandler } from '../queue/task-queue.js';
import { ada, testOptions } from '../runtime/service.fixture.js';
import { makeTaskHandler, type TaskWork, type WorkerDeps } from './handle-task.js';

/** The task that a test has a worker do. */
export const task: Task = {
  id: 't1',
  kind: 'chat',
  priority: 'high',
  owner: ada,
  payload: {},
  attempt: 0,
  createdAt: 0,
};

/** What a worker has to do with, in memory, and a clock that stands. */
export class WorkerWorld {
  readonly tasks: SqlTaskStore;
  readonly events = new MemoryTaskEvents();
  readonly running = new RunningTasks();
  /** Timers that fire when told. */
  readonly due: (() => void)[] = [];

  private constructor(private readonly db: Awaited<ReturnType<typeof openDatabase>>) {
    this.tasks = new SqlTaskStore(db, () => 5000);
  }

  static async open(): Promise<WorkerWorld> {
    return new WorkerWorld(await openDatabase({ path: IN_MEMORY }));
  }

  /** The handler of worker `w1`, unless something else is given. */
  handler(work: TaskWork, given: Partial<WorkerDeps> = {}): TaskHandler {
    const { events, running } = this;
    const { metrics, logger } = testOptions(worker);
    const tasks = given.tasks ?? this.tasks;
    const after = (_delayMs: number, run: () => void) => {
      this.due.push(run);
      return () => undefined;
    };
    return makeTaskHandler({
      workerId: 'w1',
      tasks,
      journal: journalOf(tasks, events),
      events,
      running,
      work: { chat: work, embed: work },
      metrics,
      logger,
      clock: () => 5000,
      timers: { after },
      ...given,
    });
  }

  /** Has a worker handle one delivery. @returns what became of it, the states that were told, and what is known of the task then */
  async handle(work: TaskWork, given: Task = task) {
    const states: string[] = [];
    const end = await this.events.subscribe(given.id, ({ state }) => states.push(state));
    const outcome = await this.handler(work)(given);
    await end();
    return { outcome, states, record: await this.tasks.get(given.id) };
  }

  /** Its database goes away: no state can be stored or read. */
  close(): Promise<void> {
    return this.db.destroy();
  }
}
