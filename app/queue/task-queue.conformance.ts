import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TASK_PRIORITIES, type TaskPriority, tasks } from '../../contract/index.js';
import { sampleTask } from '../../test/support/sample-task.js';
import { until } from '../../test/support/until.js';
import type { Task } from './task.js';
import type { Outcome, TaskQueue } from './task-queue.js';
import { Workbench } from './workbench.fixture.js';

/** A queue under test. */
export interface TaskQueueFixture {
  readonly queue: TaskQueue;
  /** Lets this much time pass for the queue. */
  elapse(seconds: number): Promise<void>;
  /** @default closes the queue only */
  close?(): Promise<void>;
}

const done: Outcome = { outcome: 'done' };

function record<T>(list: T[], one: T): Outcome {
  list.push(one);
  return done;
}

const cycle = tasks.queues.reduce((sum, { weight }) => sum + weight, 0);
/** Turns that the lowest waits at most, whatever the others do: see weighted-turns. */
const LONGEST_WAIT = 20;

/** What every queue of tasks does. `make` gives an empty one with the platform's topology. */
export function describeTaskQueue(name: string, make: () => Promise<TaskQueueFixture>): void {
  describe(`${name} as a task queue`, () => {
    let fixture: TaskQueueFixture;
    let queue: TaskQueue;
    const benches: Workbench[] = [];
    beforeEach(async () => {
      fixture = await make();
      queue = fixture.queue;
    });
    afterEach(async () => {
      for (const bench of benches.splice(0)) bench.open(); // A queue waits for what is in hand: after a test that failed, too.
      await queue.close();
      await fixture.close?.();
    });

    const workbench = (): Workbench => {
      const bench = new Workbench();
      benches.push(bench);
      return bench;
    };
    const publish = async (count: number, changes: Partial<Task> = {}): Promise<Task[]> => {
      const published = Array.from({ length: count }, () => sampleTask(changes));
      for (const task of published) await queue.publish(task);
      return published;
    };
    const waiting = async () => Object.values(await queue.depths()).reduce((sum, depth) => sum + depth, 0);

    it('delivers a task as it was published', async () => {
      const delivered: Task[] = [];
      const [task] = await publish(1, { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` });
      await queue.consume(1, async (one) => record(delivered, one));
      await until('the task is delivered', () => delivered.length === 1);
      expect(delivered).toEqual([task]);
    });

    it('keeps the order of publication within a priority', async () => {
      const delivered: Task[] = [];
      const published = await publish(30);
      await queue.consume(1, async (one) => record(delivered, one));
      await until('all are delivered', () => delivered.length === published.length);
      expect(delivered.map(({ id }) => id)).toEqual(published.map(({ id }) => id));
    });

    it('tells how many tasks wait in each queue, without those in hand', async () => {
      const bench = workbench();
      await publish(3, { priority: 'high' });
      await publish(2, { priority: 'low' });
      expect(await queue.depths()).toEqual({ high: 3, normal: 0, low: 2 });
      await queue.consume(1, bench.handler);
      await until('one is in hand', () => bench.started.length === 1);
      expect(await queue.depths()).toEqual({ high: 2, normal: 0, low: 2 });
      bench.open();
    });

    it('tells the length of each queue by its name, that of the dead letters too', async () => {
      const [high, , low] = tasks.queues.map(({ name }) => name);
      await publish(2, { priority: 'low' });
      const consumer = await queue.consume(1, async () => ({ outcome: 'dead', reason: 'a test' }));
      await until('both are dead', async () => (await queue.lengths())[tasks.deadLetterQueue] === 2);
      await consumer.stop();
      await publish(3, { priority: 'high' });
      const { [`${high}`]: waiting, [`${low}`]: taken, ...others } = await queue.lengths();
      expect([waiting, taken, others[tasks.deadLetterQueue]]).toEqual([3, 0, 2]);
      expect(Object.keys(others).filter((name) => name.startsWith(`${tasks.exchange}.retry.`)).length).toBeGreaterThan(
        1,
      );
    });

    it('shares deliveries by weight while every queue has work', async () => {
      const delivered: TaskPriority[] = [];
      for (const priority of TASK_PRIORITIES) await publish(cycle * 2, { priority });
      await queue.consume(1, async ({ priority }) => record(delivered, priority));
      await until('two cycles are delivered', () => delivered.length >= cycle * 2);
      for (const { priority, weight } of tasks.queues) {
        for (const start of [0, cycle]) {
          const share = delivered.slice(start, start + cycle).filter((one) => one === priority).length;
          expect([priority, share]).toEqual([priority, weight]);
        }
      }
    });

    it('serves the lowest within its bound while the highest never runs out', async () => {
      const delivered: TaskPriority[] = [];
      const lowPublishedAfter = 10;
      await publish(5, { priority: 'high' });
      await queue.consume(1, async ({ priority }) => {
        delivered.push(priority);
        if (delivered.length === lowPublishedAfter) await queue.publish(sampleTask({ priority: 'low' }));
        const starved = delivered.length > LONGEST_WAIT * 10;
        if (!starved && !delivered.includes('low')) await queue.publish(sampleTask({ priority: 'high' }));
        return done;
      });
      await until('the low task is delivered', () => delivered.includes('low') || delivered.length > LONGEST_WAIT * 10);
      expect(delivered.indexOf('low')).toBeGreaterThanOrEqual(lowPublishedAfter);
      expect(delivered.indexOf('low') - lowPublishedAfter).toBeLessThanOrEqual(LONGEST_WAIT);
    });

    it('works on no more tasks at a time than it has slots', async () => {
      const bench = workbench();
      await publish(10);
      await queue.consume(3, bench.handler);
      await until('the slots are taken', () => bench.started.length === 3);
      await publish(1, { priority: 'high' });
      expect(bench.started).toHaveLength(3);
      expect(await waiting()).toBe(8);
      bench.finish();
      await until('the slots are taken again', () => bench.started.length === 6);
      expect(await waiting()).toBe(5);
      bench.open();
      await until('the rest is done', () => bench.finished.length === 11);
    });

    it('works off a backlog of one priority by its slots, lets others have their turn in it, and leaves the rest when stopped', async () => {
      const bench = workbench();
      const backlog = 150;
      await publish(backlog);
      const consumer = await queue.consume(2, bench.handler);
      const rounds = async (last: number): Promise<void> => {
        for (let round = bench.started.length / 2; round <= last; round += 1) {
          bench.finish();
          await until('the slots are taken', () => bench.started.length === 2 * round);
        }
      };
      await rounds(5);
      expect(await waiting()).toBe(backlog - bench.started.length);
      const urgent = await publish(2, { priority: 'high' });
      await fixture.elapse(0.1); // Nobody has to see them at once.
      await rounds(8);
      expect(bench.started.slice(-6)).toEqual(expect.arrayContaining(urgent));
      await rounds(10);
      const stopping = consumer.stop();
      bench.finish();
      await stopping;
      expect(bench.finished).toHaveLength(20);
      expect(await waiting()).toBe(backlog + urgent.length - bench.finished.length);
    });

    it('shares work between consumers', async () => {
      const [one, two] = [workbench(), workbench()];
      await queue.consume(2, one.handler);
      await queue.consume(2, two.handler);
      await publish(4);
      await until('all are in hand', async () => one.started.length + two.started.length === 4);
      expect([one.started.length, two.started.length]).toEqual([2, 2]);
      one.open();
      two.open();
    });

    it('takes no more work once stopped, and waits for what is in hand', async () => {
      const [first, second] = [workbench(), workbench()];
      const consumer = await queue.consume(1, first.handler);
      const [inHand] = await publish(2);
      await until('one is in hand', () => first.started.length === 1);
      let stopped = false;
      const stopping = consumer.stop().then(() => {
        stopped = true;
      });
      await publish(1);
      expect([stopped, first.started.length]).toEqual([false, 1]);
      first.finish();
      await stopping;
      expect(first.finished).toEqual([inHand]);
      expect(first.started).toHaveLength(1);
      await queue.consume(2, second.handler);
      await until('another consumer takes the rest', () => second.started.length === 2);
      second.open();
    });

    it('gives every confirmed task to a handler while consumers come and go', async () => {
      const seen: string[] = [];
      const published: Task[] = [];
      for (let round = 0; round < 5; round += 1) {
        const consumer = await queue.consume(2, async ({ id }) => record(seen, id));
        for (const priority of TASK_PRIORITIES) published.push(...(await publish(7, { priority })));
        await consumer.stop();
      }
      await queue.consume(2, async ({ id }) => record(seen, id));
      await until('everything was handled', () => new Set(seen).size === published.length);
      expect(published.filter(({ id }) => !seen.includes(id))).toEqual([]);
      expect(await waiting()).toBe(0);
    });

    it('delivers again after the delay, one attempt later, and holds no slot meanwhile', async () => {
      const delivered: Task[] = [];
      const [task] = await publish(1);
      await queue.consume(1, async (one) => {
        delivered.push(one);
        return one.id === task?.id && one.attempt === 0 ? { outcome: 'retry', delaySeconds: 2 } : done;
      });
      await until('the first attempt is made', () => delivered.length === 1);
      await publish(1);
      await until('the slot is used for another task', () => delivered.length === 2);
      expect(await waiting()).toBe(0);
      await fixture.elapse(1);
      expect(delivered).toHaveLength(2);
      await fixture.elapse(1.5);
      await until('the second attempt is made', () => delivered.length === 3);
      expect(delivered[2]).toEqual({ ...task, attempt: 1 });
    });

    it('delivers again after the delay what was not begun, as it is', async () => {
      const delivered: Task[] = [];
      const [task, next] = await publish(2);
      await queue.consume(1, async (one) => {
        delivered.push(one);
        return delivered.length === 1 ? { outcome: 'later', delaySeconds: 1 } : done;
      });
      await until('it is set aside, and the slot used for the next', () => delivered.length === 2);
      await fixture.elapse(1.5);
      await until('it is delivered again', () => delivered.length === 3);
      expect(delivered).toEqual([task, next, task]);
    });

    it('counts the attempts of a task that fails again and again', async () => {
      const attempts: number[] = [];
      await publish(1);
      await queue.consume(1, async ({ attempt }) => {
        attempts.push(attempt);
        return attempt < 3 ? { outcome: 'retry', delaySeconds: 1 } : done;
      });
      for (let retry = 1; retry <= 3; retry += 1) {
        await until(`attempt ${retry} has failed`, () => attempts.length >= retry);
        await until('its retry waits', async () => (await waiting()) === 0);
        await fixture.elapse(1.5);
      }
      await until('the last attempt is made', () => attempts.length === 4);
      expect(attempts).toEqual([0, 1, 2, 3]);
    });

    it('keeps dead tasks with their reasons, oldest first', async () => {
      const published = await publish(2);
      await queue.consume(1, async ({ id }) => ({ outcome: 'dead', reason: `no model for ${id}` }));
      await until('both are dead', async () => (await queue.deadLetters()).length === 2);
      expect(await queue.deadLetters()).toEqual(published.map((task) => ({ task, reason: `no model for ${task.id}` })));
      expect(await waiting()).toBe(0);
    });

    it('keeps a task whose handler threw, with the error, and goes on', async () => {
      const delivered: string[] = [];
      const [bad, good] = await publish(2);
      await queue.consume(1, async ({ id }) => {
        delivered.push(id);
        if (id === bad?.id) throw new Error('wires crossed');
        return done;
      });
      await until('the next task is delivered', () => delivered.includes(good?.id ?? ''));
      expect(await queue.deadLetters()).toEqual([{ task: bad, reason: expect.stringContaining('wires crossed') }]);
    });

    it('waits for the work in hand when it is closed, and takes nothing afterwards', async () => {
      const bench = workbench();
      await publish(2);
      await queue.consume(1, bench.handler);
      await until('one is in hand', () => bench.started.length === 1);
      const closing = queue.close();
      bench.finish();
      await closing;
      expect(bench.finished).toHaveLength(1);
      expect(bench.started).toHaveLength(1);
      await expect(queue.publish(sampleTask())).rejects.toThrow(/closed/);
    });
  });
}
