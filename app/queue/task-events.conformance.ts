import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sampleTask } from '../../test/support/sample-task.js';
import { until } from '../../test/support/until.js';
import type { TaskRecord } from './task.js';
import type { TaskEvents } from './task-events.js';

/** Events under test. */
export interface TaskEventsFixture {
  readonly events: TaskEvents;
  /** @default nothing to close */
  close?(): Promise<void>;
}

function recordOf(task = sampleTask(), changes: Partial<TaskRecord> = {}): TaskRecord {
  return { task, state: 'processing', updatedAt: Date.UTC(2026, 0, 1), ...changes };
}

/** What all task events do. */
export function describeTaskEvents(name: string, make: () => Promise<TaskEventsFixture>): void {
  describe(`${name} as task events`, () => {
    let fixture: TaskEventsFixture;
    let events: TaskEvents;
    beforeEach(async () => {
      fixture = await make();
      events = fixture.events;
    });
    afterEach(async () => fixture.close?.());

    const listenTo = async (id: string) => {
      const heard: TaskRecord[] = [];
      const end = await events.subscribe(id, (record) => heard.push(record));
      return { heard, end };
    };

    it('tells every listener of a task its records, whole and in order', async () => {
      const task = sampleTask();
      const listeners = [await listenTo(task.id), await listenTo(task.id)];
      const records = [
        recordOf(task),
        recordOf(task, { state: 'completed', result: { answer: 'Größe \u{1F600}', n: [1, null] } }),
      ];
      for (const record of records) await events.publish(record);
      await until('both have heard both', () => listeners.every(({ heard }) => heard.length === 2));
      for (const { heard } of listeners) expect(heard).toEqual(records);
    });

    it('tells a listener nothing of other tasks', async () => {
      const [mine, other] = [sampleTask(), sampleTask()];
      const { heard } = await listenTo(mine.id);
      await events.publish(recordOf(other));
      await events.publish(recordOf(mine));
      await until('something is heard', () => heard.length > 0);
      expect(heard).toEqual([recordOf(mine)]);
    });

    it('tells a listener nothing once it has ended its subscription, and the others still', async () => {
      const task = sampleTask();
      const [left, stayed] = [await listenTo(task.id), await listenTo(task.id)];
      await left.end();
      await left.end();
      await events.publish(recordOf(task));
      await until('the other has heard', () => stayed.heard.length === 1);
      expect(left.heard).toEqual([]);
    });

    it('keeps a new subscription when an old one is ended twice', async () => {
      const task = sampleTask();
      const old = await listenTo(task.id);
      await old.end();
      const { heard } = await listenTo(task.id);
      await old.end();
      await events.publish(recordOf(task));
      await until('the new one has heard', () => heard.length === 1);
    });

    it('tells every worker which tasks are cancelled, until it stops listening', async () => {
      const [one, other]: [string[], string[]] = [[], []];
      const ends = [await events.onCancel((id) => one.push(id)), await events.onCancel((id) => other.push(id))];
      await events.cancel('first');
      await until('both have heard', () => one.length === 1 && other.length === 1);
      await ends[0]?.();
      await events.cancel('second');
      await until('the other has heard', () => other.length === 2);
      expect([one, other]).toEqual([['first'], ['first', 'second']]);
      await ends[1]?.();
    });

    it('knows which workers are there', async () => {
      const [one, other] = [crypto.randomUUID(), crypto.randomUUID()];
      const leave = await events.announce(one);
      expect([await events.isThere(one), await events.isThere(other)]).toEqual([true, false]);
      await leave();
      expect(await events.isThere(one)).toBe(false);
    });

    it('needs no listener', async () => {
      await expect(events.publish(recordOf())).resolves.toBeUndefined();
    });
  });
}
