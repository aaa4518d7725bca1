import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { consumerTimeoutSeconds, taskPolicy, tasks as topology, worker } from '../../contract/index.js';
import { ManualTime } from '../../test/support/manual-time.js';
import { until } from '../../test/support/until.js';
import { MemoryTaskEvents } from '../adapters/memory/memory-task-events.js';
import { IN_MEMORY, openDatabase } from '../adapters/sql/database.js';
import { SqlTaskStore } from '../adapters/sql/sql-task-store.js';
import { RunningTasks } from '../queue/running-tasks.js';
import type { Task } from '../queue/task.js';
import { journalOf } from '../queue/task-journal.js';
import { viewTask } from '../queue/task-view.js';
import { errors } from '../runtime/errors.js';
import { ada, testOptions } from '../runtime/service.fixture.js';
import type { Timers } from '../runtime/timers.js';
import { makeTaskHandler, type TaskWork } from './handle-task.js';

describe('a worker', () => {
  const options = testOptions(worker);
  const task: Task = { id: 't1', kind: 'chat', priority: 'high', owner: ada, payload: {}, attempt: 0, createdAt: 0 };
  let tasks: SqlTaskStore;
  let running: RunningTasks;
  let close: () => Promise<void>;
  /** Timers that fire when told. */
  let due: (() => void)[];
  const timers: Timers = {
    after: (_delayMs, run) => {
      due.push(run);
      return () => undefined;
    },
  };
  beforeEach(async () => {
    due = [];
    running = new RunningTasks();
    const db = await openDatabase({ path: IN_MEMORY });
    tasks = new SqlTaskStore(db, () => 5000);
    close = () => db.destroy();
  });
  afterEach(() => close());

  async function handle(work: TaskWork, given: Task = task) {
    const events = new MemoryTaskEvents();
    const states: string[] = [];
    await events.subscribe(given.id, ({ state }) => states.push(state));
    const { metrics, logger } = options;
    const journal = journalOf(tasks, events);
    const deps = { workerId: 'w1', tasks, journal, events, running, metrics, logger, clock: () => 5000, timers };
    const outcome = await makeTaskHandler({ ...deps, work: { chat: work, embed: work } })(given);
    return { outcome, states, record: await tasks.get(given.id) };
  }

  it('keeps the result and tells each state', async () => {
    const { outcome, states, record } = await handle(async () => ({ answer: 42 }));
    expect(outcome).toEqual({ outcome: 'done' });
    expect(states).toEqual(['processing', 'completed']);
    expect(record).toMatchObject({ state: 'completed', result: { answer: 42 } });
  });

  it('tells how far work has come while it runs, and not when its time is over', async () => {
    const seen: unknown[] = [];
    const { record } = await handle(async (_task, signal, report) => {
      await report({ done: 100, total: 250 });
      seen.push(viewTask((await tasks.get(task.id)) ?? raise()));
      for (const fire of due) fire();
      expect(signal.aborted).toBe(true);
      await report({ done: 200, total: 250 });
      seen.push((await tasks.get(task.id))?.progress);
      return 'too late';
    });
    expect(seen).toEqual([
      {
        task_id: 't1',
        kind: 'chat',
        status: 'processing',
        progress: { done: 100, total: 250 },
        check_url: '/tasks/t1',
      },
      { done: 100, total: 250 },
    ]);
    expect(record?.progress).toBeUndefined();
  });

  it('does a task once, however often it is delivered after it has ended', async () => {
    let done = 0;
    const work = async () => {
      done += 1;
    };
    await handle(work);
    expect((await handle(work)).outcome).toEqual({ outcome: 'done' });
    expect(done).toBe(1);
  });

  it('runs again a task whose worker was lost, and gives it up when it takes one worker after the other with it', async () => {
    const lost = { task, state: 'processing', updatedAt: 0 } as const;
    await tasks.put(lost);
    expect((await handle(async () => 'done')).record).toMatchObject({ state: 'completed' });

    await tasks.forget(task.id);
    await tasks.put({ ...lost, lostWorkers: taskPolicy.lostWorkers - 1 });
    let runs = 0;
    const { outcome, record } = await handle(async () => {
      runs += 1;
    });
    expect(runs).toBe(0);
    expect(outcome).toMatchObject({ outcome: 'dead', reason: expect.stringContaining('3 workers were lost') });
    expect(record).toMatchObject({ state: 'failed', error: expect.stringContaining('3 workers were lost') });
  });

  it('counts no worker as lost that is still there: it has lost the broker only', async () => {
    const events = new MemoryTaskEvents();
    const journal = journalOf(tasks, events);
    const { metrics, logger } = options;
    const ends: (() => void)[] = [];
    const work: TaskWork = () => new Promise<void>((end) => ends.push(end));
    const deps = { tasks, journal, events, running, metrics, logger, clock: () => 5000, timers };
    const workers = await Promise.all(
      ['w1', 'w2'].map(async (workerId) => {
        await events.announce(workerId);
        return makeTaskHandler({ ...deps, workerId, work: { chat: work, embed: work } });
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
    const events = new MemoryTaskEvents();
    const { metrics, logger } = options;
    const log: string[] = [];
    let finishOther = () => {};
    const work: TaskWork = async ({ id }) => {
      log.push(`${id} begins`);
      if (id === 'other') await new Promise<void>((resolve) => (finishOther = resolve));
      log.push(`${id} ends`);
    };
    const journal = journalOf(tasks, events);
    const deps = { workerId: 'w1', tasks, journal, events, running, metrics, logger, clock: () => 5000, timers };
    const handler = makeTaskHandler({ ...deps, work: { chat: work, embed: work } });
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
    const events = new MemoryTaskEvents();
    const journal = journalOf(tasks, events);
    const { metrics, logger } = options;
    const time = new ManualTime();
    const stopping = new AbortController();
    let finishOther = () => {};
    let runs = 0;
    const work: TaskWork = () => {
      runs += 1;
      return new Promise<void>((resolve) => (finishOther = resolve));
    };
    const deps = { workerId: 'w1', tasks, journal, events, running, metrics, logger, clock: time.clock, timers: time };
    const handler = makeTaskHandler({ ...deps, stopping: stopping.signal, work: { chat: work, embed: work } });
    const known = { task, state: 'processing', updatedAt: 0, lostWorkers: taskPolicy.lostWorkers - 2 } as const;
    await tasks.put(known);
    const other = handler({ ...task, id: 'other' });
    await until('the other runs, with its two limits', () => runs === 1 && time.pending === 2);
    const later = { outcome: 'later', delaySeconds: topology.retryDelaysSeconds[0] };

    const tooLong = handler(task);
    await until('it waits', () => time.pending === 3);
    time.advance(taskPolicy.turnSeconds * 1000);
    expect(await tooLong).toEqual(later);

    const atTheEnd = handler(task);
    await until('it waits again', () => time.pending === 3);
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
    const { record } = await handle(async () => 'done', { ...task, attempt: 1 });
    expect(record).toMatchObject({ state: 'completed' });
  });

  it('runs a failed task again only when it was taken out of the dead letters since', async () => {
    await tasks.put({ task, state: 'failed', error: 'No.', updatedAt: 0 });
    expect((await handle(async () => 'done')).record).toMatchObject({ state: 'failed' });
    const replayed = await handle(async () => 'done', { ...task, replays: 1 });
    expect(replayed.record).toMatchObject({ state: 'completed', result: 'done' });
  });

  it('buries a task that it gave up as often as the message comes back, so that a broker that went away meanwhile loses none', async () => {
    const refuse = async () => {
      throw errors.notFound('model', 'gpt-9');
    };
    const dead = { outcome: 'dead', reason: 'There is no model "gpt-9".' };
    expect((await handle(refuse)).outcome).toEqual(dead);
    expect((await handle(refuse)).outcome).toEqual(dead);
    // Another message of the task is not the one that was given up.
    expect((await handle(refuse, { ...task, attempt: 1 })).outcome).toEqual({ outcome: 'done' });
  });

  it('buries nothing that its owner has cancelled', async () => {
    await tasks.put({ task, state: 'failed', error: 'The task was cancelled.', updatedAt: 0 });
    expect((await handle(async () => 'done')).outcome).toEqual({ outcome: 'done' });
  });

  it('tells the work of a cancelled task to stop, and leaves the task as its owner ended it', async () => {
    const ended = { task, state: 'failed', error: 'The task was cancelled.', updatedAt: 0 } as const;
    const { outcome, states, record } = await handle(async (_task, signal) => {
      await tasks.put(ended);
      running.cancel(task.id);
      signal.throwIfAborted();
    });
    expect(outcome).toEqual({ outcome: 'done' });
    expect(states).toEqual(['processing']);
    expect(record).toEqual(ended);
  });

  it('tries again later what may pass', async () => {
    const { outcome, record } = await handle(async () => {
      throw errors.unavailable('The model', 1);
    });
    expect(outcome).toEqual({ outcome: 'retry', delaySeconds: 60 });
    expect(record).toMatchObject({ state: 'pending', task: { attempt: 1 } });
  });

  it('tries again later when not even the state can be stored', async () => {
    await close();
    close = async () => undefined;
    const events = new MemoryTaskEvents();
    const known = {
      get: async () => undefined,
      put: tasks.put.bind(tasks),
      forget: tasks.forget.bind(tasks),
      unfinished: async () => [],
      erase: async () => [],
    };
    const { metrics, logger } = options;
    const journal = journalOf(known, events);
    const deps = { workerId: 'w1', tasks: known, journal, events, running, metrics, logger, clock: () => 5000, timers };
    const work = async () => 'never reached';
    const outcome = await makeTaskHandler({ ...deps, work: { chat: work, embed: work } })(task);
    expect(outcome).toEqual({ outcome: 'retry', delaySeconds: 60 });
  });

  it('gives nothing up before its owner can be told', async () => {
    await close();
    close = async () => undefined;
    const spent = { ...task, attempt: topology.retryDelaysSeconds.length };
    const events = new MemoryTaskEvents();
    const journal = journalOf(tasks, events);
    const deps = { workerId: 'w1', tasks, journal, events, running, clock: () => 5000, timers };
    const { metrics, logger } = options;
    const work = async () => 'never reached';
    const handler = makeTaskHandler({ ...deps, metrics, logger, work: { chat: work, embed: work } });
    expect(await handler(spent)).toEqual({ outcome: 'retry', delaySeconds: 240 });
  });

  it('gives up at once what the caller did wrong, and says so', async () => {
    const { outcome, record } = await handle(async () => {
      throw errors.notFound('model', 'gpt-9');
    });
    expect(outcome).toEqual({ outcome: 'dead', reason: 'There is no model "gpt-9".' });
    expect(record).toMatchObject({
      state: 'failed',
      error: 'There is no model "gpt-9".',
      refused: { status: 404, code: 'model_not_found' },
    });
  });

  it('gives up after the last retry, and tells nothing of what is inside', async () => {
    const spent = { ...task, attempt: topology.retryDelaysSeconds.length };
    const { outcome, states, record } = await handle(async () => {
      throw new Error('password hunter2');
    }, spent);
    expect(outcome).toMatchObject({ outcome: 'dead' });
    expect(states.at(-1)).toBe('failed');
    expect(record?.error).toContain('gave up after 4 attempts');
    expect(record?.error).not.toContain('hunter2');
  });

  it('tells the work to stop at the soft limit, and leaves it at the hard one', async () => {
    let told = false;
    const running = handle(
      (_task, signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            told = true;
            due[1]?.();
          });
          due[0]?.();
        }),
    );
    const { outcome } = await running;
    expect(told).toBe(true);
    expect(outcome).toEqual({ outcome: 'retry', delaySeconds: 60 });
  });
});

function raise(): never {
  throw new Error('The task has no record.');
}
