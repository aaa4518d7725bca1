import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TASK_STATES, tasks } from '../../contract/index.js';
import { sampleTask } from '../../test/support/sample-task.js';
import type { TaskRecord } from './task.js';
import type { TaskStore } from './task-store.js';

/** A store under test, and the clock that it goes by. */
export interface TaskStoreFixture {
  readonly store: TaskStore;
  /** What its clock says, in milliseconds since the epoch. */
  now(): number;
  /** Moves the store's clock on. */
  elapse(seconds: number): Promise<void>;
  /** @default nothing to close */
  close?(): Promise<void>;
}

/** What every store of tasks does. `make` gives an empty one. */
export function describeTaskStore(name: string, make: () => Promise<TaskStoreFixture>): void {
  describe(`${name} as a task store`, () => {
    let fixture: TaskStoreFixture;
    let store: TaskStore;
    beforeEach(async () => {
      fixture = await make();
      store = fixture.store;
    });
    afterEach(async () => fixture.close?.());

    const recordOf = (task = sampleTask(), changes: Partial<TaskRecord> = {}): TaskRecord => ({
      task,
      state: 'pending',
      updatedAt: fixture.now(),
      ...changes,
    });

    it('gives a record back whole, in every state', async () => {
      for (const state of TASK_STATES) {
        const record = recordOf(sampleTask({ traceparent: 'tp' }), {
          state,
          result: { answer: 'Größe \u{1F600}', n: [1.5, null] },
        });
        await store.put(record);
        expect(await store.get(record.task.id)).toEqual(record);
      }
    });

    it('tells a result of null from none', async () => {
      const [none, empty] = [recordOf(), recordOf(sampleTask(), { state: 'completed', result: null })];
      await store.put(none);
      await store.put(empty);
      expect((await store.get(none.task.id))?.result).toBeUndefined();
      expect((await store.get(empty.task.id))?.result).toBeNull();
    });

    it('erases the tasks of a user: the ids stay ended, and nothing of what was asked, answered or who asked', async () => {
      // No name that is hexadecimal, as "ada" is: an id has it by chance.
      const owner = { user: 'grace', tenant: 'acme', tier: 'free' } as const;
      const own = [
        recordOf(sampleTask({ owner, payload: { message: 'my secret' }, traceparent: 'tp' })),
        recordOf(sampleTask({ owner, payload: { message: 'my secret' }, replays: 1 }), {
          state: 'processing',
          worker: 'w1',
        }),
        recordOf(sampleTask({ owner, payload: { message: 'my secret' } }), { state: 'completed', result: 'my secret' }),
      ];
      const others = [
        { ...owner, user: 'bob' },
        { ...owner, tenant: 'globex' },
      ].map((other) => recordOf(sampleTask({ owner: other })));
      for (const record of [...own, ...others]) await store.put(record);
      expect((await store.erase(owner)).map(({ task }) => task.id).sort()).toEqual(
        own.map(({ task }) => task.id).sort(),
      );
      for (const { task } of own) {
        const left = await store.get(task.id);
        expect(left).toMatchObject({
          state: 'failed',
          task: { id: task.id, payload: null, owner: { user: '', tenant: '' } },
        });
        expect(JSON.stringify(left)).not.toMatch(/secret|grace|acme/);
        // A delivery with more replays than its record has begins anew.
        expect(left?.task.replays).toBe(task.replays);
        expect(await store.put(recordOf(task, { state: 'completed', result: 'late' }))).toBe(false);
      }
      for (const record of others) expect(await store.get(record.task.id)).toEqual(record);
      expect((await store.unfinished()).map(({ task }) => task.id).sort()).toEqual(
        others.map(({ task }) => task.id).sort(),
      );
      expect(await store.erase(owner)).toEqual([]);
      await fixture.elapse(tasks.resultTtlSeconds);
      for (const { task } of own) expect(await store.get(task.id)).toBeUndefined();
    });

    it('does not know other tasks', async () => {
      await store.put(recordOf());
      expect(await store.get(sampleTask().id)).toBeUndefined();
    });

    it('keeps the latest record of a task', async () => {
      const task = sampleTask();
      await store.put(recordOf(task));
      await store.put(recordOf(task, { state: 'processing' }));
      const last = recordOf({ ...task, attempt: 2 }, { state: 'failed', error: 'No model answered.' });
      await store.put(last);
      expect(await store.get(task.id)).toEqual(last);
    });

    it('keeps the first end of a task, and tells whoever comes later', async () => {
      const task = sampleTask();
      expect(await store.put(recordOf(task))).toBe(true);
      const ended = recordOf(task, { state: 'completed', result: 1 });
      expect(await store.put(ended)).toBe(true);
      for (const late of [{ state: 'completed', result: 2 }, { state: 'failed' }, { state: 'processing' }] as const) {
        expect(await store.put(recordOf(task, late))).toBe(false);
      }
      expect(await store.get(task.id)).toEqual(ended);
      expect(await store.unfinished()).toEqual([]);
    });

    it('lets one of those who end a task at the same time have ended it', async () => {
      const task = sampleTask();
      await store.put(recordOf(task));
      const ends = Array.from({ length: 20 }, (_, result) => recordOf(task, { state: 'completed', result }));
      const written = await Promise.all(ends.map((end) => store.put(end)));
      expect(written.filter((one) => one)).toHaveLength(1);
      expect(await store.get(task.id)).toEqual(ends[written.indexOf(true)]);
    });

    it('lets a forgotten task begin anew', async () => {
      const task = sampleTask();
      await store.put(recordOf(task, { state: 'failed' }));
      await store.put(recordOf(sampleTask()));
      await store.forget(task.id);
      await store.forget(task.id);
      expect(await store.get(task.id)).toBeUndefined();
      expect(await store.put(recordOf(task))).toBe(true);
      expect(await store.unfinished()).toHaveLength(2);
    });

    it('forgets a task some time after it has ended', async () => {
      for (const state of ['completed', 'failed'] as const) {
        const record = recordOf(sampleTask(), { state });
        await store.put(record);
        await fixture.elapse(tasks.resultTtlSeconds - 1);
        expect(await store.get(record.task.id)).toEqual(record);
        await fixture.elapse(1);
        expect(await store.get(record.task.id)).toBeUndefined();
      }
    });

    it('never forgets a task that has not ended, and counts from its end', async () => {
      const task = sampleTask();
      await store.put(recordOf(task));
      await fixture.elapse(tasks.resultTtlSeconds * 10);
      expect(await store.get(task.id)).toBeDefined();
      await store.put(recordOf(task, { state: 'completed' }));
      await fixture.elapse(tasks.resultTtlSeconds - 1);
      await store.put(recordOf()); // what has expired is cleared away when something is put
      expect(await store.get(task.id)).toBeDefined();
    });

    it('lists the unfinished, oldest first', async () => {
      const [young, old, middle, ended, dead] = [3, 1, 2, 0, 0].map((createdAt) => sampleTask({ createdAt }));
      await store.put(recordOf(young));
      await store.put(recordOf(old, { state: 'processing' }));
      await store.put(recordOf(middle));
      await store.put(recordOf(ended));
      await store.put(recordOf(ended, { state: 'completed' }));
      await store.put(recordOf(dead, { state: 'failed' }));
      expect((await store.unfinished()).map(({ task }) => task)).toEqual([old, middle, young]);
    });
  });
}
