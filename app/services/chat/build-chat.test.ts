import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { chat, chatApi, type Tier, taskPolicy } from '../../../contract/index.js';
import { ManualTime } from '../../../test/support/manual-time.js';
import { until } from '../../../test/support/until.js';
import { MemorySubmissions } from '../../adapters/memory/memory-submissions.js';
import { MemoryTaskEvents } from '../../adapters/memory/memory-task-events.js';
import { MemoryTaskQueue } from '../../adapters/memory/memory-task-queue.js';
import { IN_MEMORY, openDatabase } from '../../adapters/sql/database.js';
import { SqlTaskStore } from '../../adapters/sql/sql-task-store.js';
import type { Task, TaskRecord } from '../../queue/task.js';
import { ada, bob, inject, testOptions } from '../../runtime/service.fixture.js';
import { systemTimers } from '../../runtime/timers.js';
import { buildChat } from './build-chat.js';

describe('the chat service', () => {
  let app: FastifyInstance;
  let queue: MemoryTaskQueue;
  let tasks: SqlTaskStore;
  let submissions: MemorySubmissions;
  let time: ManualTime;
  const events = new MemoryTaskEvents();
  let close: () => Promise<void>;
  beforeEach(async () => {
    const db = await openDatabase({ path: IN_MEMORY });
    time = new ManualTime(1000);
    const { clock } = time;
    let ids = 0;
    queue = new MemoryTaskQueue({ timers: systemTimers });
    tasks = new SqlTaskStore(db, clock);
    submissions = new MemorySubmissions();
    const deps = { queue, tasks, events, submissions, clock, timers: time, newId: () => `task-${ids++}` };
    app = buildChat(deps, testOptions(chat));
    close = async () => {
      await app.close();
      await queue.close();
      await db.destroy();
    };
  });
  afterEach(() => close());

  const submit = (tier: Tier = 'premium') =>
    inject(app, chatApi.submitChat, { body: { session: 's1', message: 'hello' } }, { ...ada, tier });

  it('answers at once with a task that is pending and in the queue', async () => {
    expect((await submit()).body).toEqual({
      task_id: 'task-0',
      kind: 'chat',
      status: 'pending',
      check_url: '/tasks/task-0',
    });
    expect((await inject(app, chatApi.queues, {})).body).toEqual({ high: 1, normal: 0, low: 0 });
  });

  it('queues by tier, and batch work as normal', async () => {
    await submit('enterprise');
    await submit('premium');
    await submit('free');
    await inject(app, chatApi.submitEmbed, { body: { texts: ['a'] } });
    expect(await queue.depths()).toEqual({ high: 2, normal: 1, low: 1 });
  });

  it('publishes the user of the token, whatever the body says', async () => {
    const body = { session: 's1', message: 'hello', user: 'root', owner: { user: 'root' } };
    await inject(app, chatApi.submitChat, { body });
    const delivered = await new Promise<Task>((resolve) => {
      void queue.consume(1, async (task) => {
        resolve(task);
        return { outcome: 'done' };
      });
    });
    expect(delivered.owner).toEqual(ada);
    expect(JSON.stringify(delivered)).not.toContain('root');
  });

  it('tells a task to its owner only', async () => {
    await submit();
    const params = { id: 'task-0' };
    expect((await inject(app, chatApi.task, { params })).status).toBe(200);
    expect((await inject(app, chatApi.task, { params }, bob)).status).toBe(404);
    expect((await inject(app, chatApi.task, { params }, { ...ada, tenant: 'other' })).status).toBe(404);
  });

  it('waits for the end of a task by its event', async () => {
    await submit();
    const waiting = inject(app, chatApi.task, { params: { id: 'task-0' }, query: { wait_ms: 20_000 } });
    await queue.consume(1, async (task) => {
      const record = { task, state: 'completed', result: 42, updatedAt: 2000 } as const;
      await tasks.put(record);
      await events.publish(record);
      return { outcome: 'done' };
    });
    expect((await waiting).body).toMatchObject({ status: 'completed', result: 42 });
  });

  it('cancels a task for its owner only: no worker then runs it, and who waits hears of it', async () => {
    await submit();
    const params = { id: 'task-0' };
    const waiting = inject(app, chatApi.task, { params, query: { wait_ms: 20_000 } });
    const cancelled: string[] = [];
    await events.onCancel((id) => cancelled.push(id));
    expect((await inject(app, chatApi.cancelTask, { params }, bob)).status).toBe(404);
    const refused = { status: 409, code: 'cancelled' };
    const ended = { task_id: 'task-0', status: 'failed', error: 'The task was cancelled.', refused };
    expect((await inject(app, chatApi.cancelTask, { params })).body).toMatchObject(ended);
    expect((await waiting).body).toMatchObject(ended);
    expect(cancelled).toEqual(['task-0']);
  });

  it('leaves a task that has ended as it is when it is cancelled', async () => {
    await submit();
    const { task } = (await tasks.get('task-0')) as TaskRecord;
    await tasks.put({ task, state: 'completed', result: 42, updatedAt: 2000 });
    const { body } = await inject(app, chatApi.cancelTask, { params: { id: 'task-0' } });
    expect(body).toMatchObject({ status: 'completed', result: 42 });
  });

  it('says 503 when the queue takes nothing, and leaves no task pending', async () => {
    await queue.close();
    expect((await submit()).status).toBe(503);
    expect(await tasks.unfinished()).toEqual([]);
  });

  it('finds a task that was left pending when neither queue nor store could be told, ends it, and tells who waits', async () => {
    const put = tasks.put.bind(tasks);
    queue.publish = async () => {
      // As when both are away: the record is written, and nothing after it.
      tasks.put = async () => {
        throw new Error('Command timed out');
      };
      throw new Error('The broker has gone.');
    };
    await app.listen({ host: '127.0.0.1', port: 0 });
    expect((await submit()).status).toBe(503);
    tasks.put = put;
    expect((await tasks.unfinished()).map(({ task }) => task.id)).toEqual(['task-0']);
    const told: string[] = [];
    await events.subscribe('task-0', ({ state }) => told.push(state));
    const { submissionSeconds, submissionLookSeconds } = taskPolicy;
    for (let seconds = 0; seconds <= submissionSeconds; seconds += submissionLookSeconds) {
      await until('it has looked', () => time.pending === 1);
      expect(told).toEqual([]);
      time.advance(submissionLookSeconds * 1000);
    }
    await until('it is ended', () => told.length > 0);
    expect(told).toEqual(['failed']);
    const { body } = await inject(app, chatApi.task, { params: { id: 'task-0' } });
    expect(body).toMatchObject({ status: 'failed', error: 'The queue did not take the task.' });
    await until('its submission is forgotten', async () => (await submissions.begunBefore(Infinity)).length === 0);
  });

  it('leaves a task alone that waits in the queue, however long, or that a worker has begun', async () => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    await submit();
    await submit();
    const { task } = (await tasks.get('task-1')) as TaskRecord;
    await tasks.put({ task, state: 'processing', worker: 'w1', updatedAt: 1000 });
    await submissions.begin('task-1', 0); // as a process leaves it that died after the publication
    await until('it has looked', () => time.pending === 1);
    for (let looks = 0; looks < 10; looks++) {
      time.advance(taskPolicy.submissionSeconds * 1000);
      await until('it has looked again', () => time.pending === 1);
    }
    expect((await tasks.unfinished()).map(({ state }) => state).sort()).toEqual(['pending', 'processing']);
    expect(await submissions.begunBefore(Infinity)).toEqual([]);
  });

  it('refuses an empty message and an unknown priority by name', async () => {
    const send = async (body: object) =>
      (await inject(app, chatApi.submitChat, { body: body as never })).body.error.param;
    expect(await send({ session: 's1', message: '  ' })).toBe('message');
    expect(await send({ session: 's1', message: 'hello', priority: 'asap' })).toBe('priority');
    expect(await send({ session: 'a b', message: 'hello' })).toBe('session');
  });
});
