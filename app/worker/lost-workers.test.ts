import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { consumerTimeoutSeconds, taskPolicy, tasks as topology } from '../../contract/index.js';
import { ManualTime } from '../../test/support/manual-time.js';
import { until } from '../../test/support/until.js';
import type { SqlTaskStore } from '../adapters/sql/sql-task-store.js';
import type { TaskWork } from './handle-task.js';
import { task, WorkerWorld } from './worker-world.fixture.js';

describe('a task whose worker was lost', () => {
  let world: WorkerWorld;
  let tasks: SqlTaskStore;
  beforeEach(async () => {
    world = await WorkerWorld.open();
    tasks = world.tasks;
  });
  afterEach(() => world.close());

  it('runs again a task whose worker was lost, and gives it up when it takes one worker after the other with it', async () => {
    const lost = { task, state: 'processing', updatedAt: 0 } as const;
    await tasks.put(lost);
    expect((await world.handle(async () => 'done')).record).toMatchObject({ state: 'completed' });

    await tasks.forget(task.id);
    await tasks.put({ ...lost, lostWorkers: taskPolicy.lostWorkers - 1 });
    let runs = 0;
    const { outcome, record } = await world.handle(async () => {
      runs += 1;
    });
    expect(runs).toBe(0);
    expect(outcome).toMatchObject({ outcome: 'dead', reason: expect.stringContaining('3 workers were lost') });
    expect(record).toMatchObject({ state: 'failed', error: expect.stringContaining('3 workers were lost') });
  });

  it('counts no worker as lost that is still there: it has lost the broker only', async () => {
    const ends: (() => void)[] = [];
    const workers = await Promise.all(
      ['w1', 'w2'].map(async (workerId) => {
        await world.events.announce(workerId);
        return world.handler(() => new Promise<void>((end) => ends.push(end)), { workerId });
      }),
    );
    const deliveries = [];
    for (let times = 1; times <= taskPolicy.lostWorkers + 1; times += 1) {
      deliveries.push(workers[times % 2]?.(task));
      await until('it runs once more', () => ends.length === times);
    }
    expect(await tasks.get(task.id)).not.toHaveProperty('lostWorkers');
    for (const end of ends) end();
    expect(await Promise.all(deliveries)).toEqual(deliveries.map(() => ({ outcome: 'done' })));
    expect(await tasks.get(task.id)).toMatchObject({ state: 'completed' });
  });

  it('runs a task alone that was twice in the hands of a worker that was lost', async () => {
    const log: string[] = [];
    let finishOther = () => {};
    const work: TaskWork = async ({ id }) => {
      log.push(`${id} begins`);
      if (id === 'other') await new Promise<void>((resolve) => (finishOther = resolve));
      log.push(`${id} ends`);
    };
    const handler = world.handler(work);
    await tasks.put({ task, state: 'processing', updatedAt: 0, lostWorkers: taskPolicy.lostWorkers - 2 });
    const other = handler({ ...task, id: 'other' });
    await until('the other runs', () => log.length === 1);
    const suspect = handler(task);
    // While it waits it is not being processed: a worker lost now is no fault of its own.
    await until('it waits', async () => (await tasks.get(task.id))?.state === 'pending');
    expect(log).toEqual(['other begins']);
    finishOther();
    await Promise.all([other, suspect]);
    expect(log).toEqual(['other begins', 'other ends', 't1 begins', 't1 ends']);
  });

  it('sets aside who waits for its turn when the worker is to end or the turn does not come, as it is', async () => {
    const time = new ManualTime();
    const stopping = new AbortController();
    let finishOther = () => {};
    let runs = 0;
    const work: TaskWork = () => {
      runs += 1;
      return new Promise<void>((resolve) => (finishOther = resolve));
    };
    const handler = world.handler(work, { clock: time.clock, timers: time, stopping: stopping.signal });
    const known = { task, state: 'processing', updatedAt: 0, lostWorkers: taskPolicy.lostWorkers - 2 } as const;
    await tasks.put(known);
    const other = handler({ ...task, id: 'other' });
    await until('the other runs, with its limit', () => runs === 1 && time.pending === 1);
    const later = { outcome: 'later', delaySeconds: topology.retryDelaysSeconds[0] };

    const tooLong = handler(task);
    await until('it waits', () => time.pending === 2);
    time.advance(taskPolicy.turnSeconds * 1000);
    expect(await tooLong).toEqual(later);

    const atTheEnd = handler(task);
    await until('it waits again', () => time.pending === 2);
    stopping.abort();
    expect(await atTheEnd).toEqual(later);
    expect(await tasks.get(task.id)).toMatchObject({ state: 'pending', task: { attempt: 0 }, lostWorkers: 2 });
    finishOther();
    expect(await other).toEqual({ outcome: 'done' });
    expect(runs).toBe(1);
  });

  it('waits for its turn and runs within the time that the broker leaves a message in its hands', () => {
    const held = taskPolicy.turnSeconds + topology.hardLimitSeconds;
    expect(held).toBeLessThan(consumerTimeoutSeconds([topology]));
  });

  it('counts the workers lost of one attempt, not of all', async () => {
    await tasks.put({ task, state: 'processing', updatedAt: 0, lostWorkers: taskPolicy.lostWorkers });
    const { record } = await world.handle(async () => 'done', { ...task, attempt: 1 });
    expect(record).toMatchObject({ state: 'completed' });
  });
});
