import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sampleTask } from '../../test/support/sample-task.js';
import type { TaskRecord } from './task.js';
import type { TaskEvents } from './task-events.js';
import type { TaskJournal } from './task-journal.js';
import type { TaskStore } from './task-store.js';

export interface TaskJournalFixture {
  readonly journal: TaskJournal;
  /** What it writes to. */
  readonly store: TaskStore;
  /** What it tells. */
  readonly events: TaskEvents;
  close?(): Promise<void>;
}

/** Later than any clock under test says, so that nothing has been forgotten. */
const LATE = Date.UTC(2100, 0, 1);

/** What every journal of tasks does. `make` gives one over an empty store. */
export function describeTaskJournal(name: string, make: () => Promise<TaskJournalFixture>): void {
  describe(`${name} as a task journal`, () => {
    let fixture: TaskJournalFixture;
    beforeEach(async () => {
      fixture = await make();
    });
    afterEach(async () => fixture.close?.());

    const task = sampleTask({ payload: { session: 's', message: 'a "state":"failed" in the text' } });
    const record = (changes: Partial<TaskRecord> = {}): TaskRecord => ({
      task,
      state: 'pending',
      updatedAt: LATE,
      ...changes,
    });
    const begun = record({ state: 'processing', worker: 'w2', updatedAt: LATE + 1 });

    /** All that is told of the task while something is done, in order. */
    async function toldOf(act: () => Promise<unknown>): Promise<readonly TaskRecord[]> {
      const told: TaskRecord[] = [];
      const last = record({ updatedAt: LATE + 9 });
      let resolve = () => {};
      const allTold = new Promise<void>((done) => {
        resolve = done;
      });
      const end = await fixture.events.subscribe(task.id, (one) => {
        if (one.updatedAt === last.updatedAt) resolve();
        else told.push(one);
      });
      await act();
      await fixture.events.publish(last);
      await allTold;
      await end();
      return told;
    }

    it('begins a task that nothing is known of, or that only waits, and tells it', async () => {
      for (const known of [undefined, record(), record({ lostWorkers: 0 })]) {
        await fixture.store.forget(task.id);
        if (known !== undefined) await fixture.store.put(known);
        const told = await toldOf(async () => expect(await fixture.journal.begin(begun)).toBeUndefined());
        expect(told).toEqual([begun]);
        expect(await fixture.store.get(task.id)).toEqual(begun);
        expect(await fixture.store.unfinished()).toEqual([begun]);
      }
    });

    it('begins nothing of which more is known, and gives that back', async () => {
      const others = [
        record({ state: 'processing', worker: 'w1' }),
        record({ lostWorkers: 1 }),
        record({ state: 'completed', result: 1 }),
        record({ state: 'failed', error: 'No model answered.', dead: true }),
      ];
      for (const known of others) {
        await fixture.store.forget(task.id);
        await fixture.store.put(known);
        const told = await toldOf(async () => expect(await fixture.journal.begin(begun)).toEqual(known));
        expect(told).toEqual([]);
        expect(await fixture.store.get(task.id)).toEqual(known);
      }
    });

    it('enters a state and tells it, but not after the end', async () => {
      const ended = record({ state: 'completed', result: 1, updatedAt: LATE + 2 });
      const told = await toldOf(async () => {
        expect(await fixture.journal.enter(begun)).toBe(true);
        expect(await fixture.journal.enter(ended)).toBe(true);
        expect(await fixture.journal.enter({ ...ended, result: 2, updatedAt: LATE + 3 })).toBe(false);
      });
      expect(told).toEqual([begun, ended]);
      expect(await fixture.store.get(task.id)).toEqual(ended);
    });
  });
}
