import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tasks as topology } from '../../contract/index.js';
import type { SqlTaskStore } from '../adapters/sql/sql-task-store.js';
import { viewTask } from '../queue/task-view.js';
import { errors } from '../runtime/errors.js';
import { task, WorkerWorld } from './worker-world.fixture.js';

describe('a worker', () => {
  let world: WorkerWorld;
  let tasks: SqlTaskStore;
  beforeEach(async () => {
    world = await WorkerWorld.open();
    tasks = world.tasks;
  });
  afterEach(() => world.close());

  it('keeps the result and tells each state', async () => {
    const { outcome, states, record } = await world.handle(async () => ({ answer: 42 }));
    expect(outcome).toEqual({ outcome: 'done' });
    expect(states).toEqual(['processing', 'completed']);
    expect(record).toMatchObject({ state: 'completed', result: { answer: 42 } });
  });

  it('tells how far work has come while it runs, and not when its time is over', async () => {
    const seen: unknown[] = [];
    const { record } = await world.handle(async (_task, signal, report) => {
      await report({ done: 100, total: 250 });
      seen.push(viewTask((await tasks.get(task.id)) ?? raise()));
      for (const fire of world.due) fire();
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
    await world.handle(work);
    expect((await world.handle(work)).outcome).toEqual({ outcome: 'done' });
    expect(done).toBe(1);
  });

  it('runs a failed task again only when it was taken out of the dead letters since', async () => {
    await tasks.put({ task, state: 'failed', error: 'No.', updatedAt: 0 });
    expect((await world.handle(async () => 'done')).record).toMatchObject({ state: 'failed' });
    const replayed = await world.handle(async () => 'done', { ...task, replays: 1 });
    expect(replayed.record).toMatchObject({ state: 'completed', result: 'done' });
  });

  it('buries a task that it gave up as often as the message comes back, so that a broker that went away meanwhile loses none', async () => {
    const refuse = async () => {
      throw errors.notFound('model', 'gpt-9');
    };
    const dead = { outcome: 'dead', reason: 'There is no model "gpt-9".' };
    expect((await world.handle(refuse)).outcome).toEqual(dead);
    expect((await world.handle(refuse)).outcome).toEqual(dead);
    // Another message of the task is not the one that was given up.
    expect((await world.handle(refuse, { ...task, attempt: 1 })).outcome).toEqual({ outcome: 'done' });
  });

  it('buries nothing that its owner has cancelled', async () => {
    await tasks.put({ task, state: 'failed', error: 'The task was cancelled.', updatedAt: 0 });
    expect((await world.handle(async () => 'done')).outcome).toEqual({ outcome: 'done' });
  });

  it('tells the work of a cancelled task to stop, and leaves the task as its owner ended it', async () => {
    const ended = { task, state: 'failed', error: 'The task was cancelled.', updatedAt: 0 } as const;
    const { outcome, states, record } = await world.handle(async (_task, signal) => {
      await tasks.put(ended);
      world.running.cancel(task.id);
      signal.throwIfAborted();
    });
    expect(outcome).toEqual({ outcome: 'done' });
    expect(states).toEqual(['processing']);
    expect(record).toEqual(ended);
  });

  it('tries again later what may pass', async () => {
    const { outcome, record } = await world.handle(async () => {
      throw errors.unavailable('The model', 1);
    });
    expect(outcome).toEqual({ outcome: 'retry', delaySeconds: 60 });
    expect(record).toMatchObject({ state: 'pending', task: { attempt: 1 } });
  });

  it('tries again later when not even the state can be stored', async () => {
    await world.close();
    const known = {
      get: async () => undefined,
      put: tasks.put.bind(tasks),
      forget: tasks.forget.bind(tasks),
      unfinished: async () => [],
      erase: async () => [],
    };
    const outcome = await world.handler(async () => 'never reached', { tasks: known })(task);
    expect(outcome).toEqual({ outcome: 'retry', delaySeconds: 60 });
  });

  it('gives nothing up before its owner can be told', async () => {
    await world.close();
    const spent = { ...task, attempt: topology.retryDelaysSeconds.length };
    expect(await world.handler(async () => 'never reached')(spent)).toEqual({ outcome: 'retry', delaySeconds: 240 });
  });

  it('gives up at once what the caller did wrong, and says so', async () => {
    const { outcome, record } = await world.handle(async () => {
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
    const { outcome, states, record } = await world.handle(async () => {
      throw new Error('password hunter2');
    }, spent);
    expect(outcome).toMatchObject({ outcome: 'dead' });
    expect(states.at(-1)).toBe('failed');
    expect(record?.error).toContain('gave up after 4 attempts');
    expect(record?.error).not.toContain('hunter2');
  });

  it('tells the work to stop at the soft limit, and leaves it at the hard one', async () => {
    let told = false;
    const running = world.handle(
      (_task, signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            told = true;
            world.due[1]?.();
          });
          world.due[0]?.();
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
