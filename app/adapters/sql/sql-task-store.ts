import type { Kysely } from 'kysely';
import { type TaskTopology, tasks } from '../../../contract/index.js';
import { erasedRecord, isOf } from '../../queue/erased-record.js';
import type { TaskRecord } from '../../queue/task.js';
import type { TaskStore } from '../../queue/task-store.js';
import { hasEnded } from '../../queue/task-view.js';
import type { Clock } from '../../runtime/clock.js';
import type { Schema } from './schema.js';

/** States and results of tasks in a relational database. */
export class SqlTaskStore implements TaskStore {
  readonly #db: Kysely<Schema>;
  readonly #clock: Clock;
  readonly #resultTtlMs: number;

  /** @param topology says how long a result lives. @default the platform's */
  constructor(db: Kysely<Schema>, clock: Clock, topology: Pick<TaskTopology, 'resultTtlSeconds'> = tasks) {
    this.#db = db;
    this.#clock = clock;
    this.#resultTtlMs = topology.resultTtlSeconds * 1000;
  }

  async put(record: TaskRecord): Promise<boolean> {
    await this.#db.deleteFrom('tasks').where('expiresAt', '<=', this.#clock()).execute();
    const expiresAt = hasEnded(record) ? record.updatedAt + this.#resultTtlMs : null;
    const state = { state: record.state, record: JSON.stringify(record), expiresAt };
    const written = await this.#db
      .insertInto('tasks')
      .values({ id: record.task.id, createdAt: record.task.createdAt, ...state })
      // Only what has ended has a time to be forgotten at.
      .onConflict((conflict) => conflict.column('id').doUpdateSet(state).where('tasks.expiresAt', 'is', null))
      .returning('id')
      .execute();
    return written.length > 0;
  }

  async get(id: string): Promise<TaskRecord | undefined> {
    const row = await this.#db
      .selectFrom('tasks')
      .select('record')
      .where('id', '=', id)
      .where((task) => task.or([task('expiresAt', 'is', null), task('expiresAt', '>', this.#clock())]))
      .executeTakeFirst();
    return row === undefined ? undefined : JSON.parse(row.record);
  }

  async forget(id: string): Promise<void> {
    await this.#db.deleteFrom('tasks').where('id', '=', id).execute();
  }

  async erase(owner: Parameters<TaskStore['erase']>[0]): Promise<readonly TaskRecord[]> {
    return this.#db.transaction().execute(async (db) => {
      const rows = await db.selectFrom('tasks').select('record').execute();
      const own = rows.map(({ record }): TaskRecord => JSON.parse(record)).filter((record) => isOf(record, owner));
      const left = own.map(erasedRecord);
      for (const erased of left) {
        await db
          .updateTable('tasks')
          .set({ state: erased.state, record: JSON.stringify(erased), expiresAt: this.#clock() + this.#resultTtlMs })
          .where('id', '=', erased.task.id)
          .execute();
      }
      return left;
    });
  }

  async unfinished(): Promise<readonly TaskRecord[]> {
    const rows = await this.#db
      .selectFrom('tasks')
      .select('record')
      .where('state', 'in', ['pending', 'processing'])
      .orderBy('createdAt')
      .orderBy('id')
      .execute();
    return rows.map(({ record }) => JSON.parse(record));
  }
}
