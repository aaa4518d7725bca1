import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { worker } from '../../contract/index.js';
import { ManualTime } from '../../test/support/manual-time.js';
import { until } from '../../test/support/until.js';
import { MemoryTaskEvents } from '../adapters/memory/memory-task-events.js';
import { MemoryTaskQueue } from '../adapters/memory/memory-task-queue.js';
import { IN_MEMORY, openDatabase } from '../adapters/sql/database.js';
import { SqlTaskStore } from '../adapters/sql/sql-task-store.js';
import { journalOf } from '../queue/task-journal.js';
import { testOptions } from '../runtime/service.fixture.js';
import { ServiceClient } from '../runtime/service-client.js';
import { buildWorker } from './build-worker.js';

describe('the worker process', () => {
  let time: ManualTime;
  let events: MemoryTaskEvents;
  let queue: MemoryTaskQueue;
  let consumers: { running: number };
  let app: FastifyInstance;
  let close: () => Promise<void>;
  beforeEach(async () => {
    time = new ManualTime();
    events = new MemoryTaskEvents();
    queue = new MemoryTaskQueue({ timers: time });
    consumers = { running: 0 };
    const consume = queue.consume.bind(queue);
    queue.consume = async (...given) => {
      const consumer = await consume(...given);
      consumers.running += 1;
      return {
        stop: async () => {
          await consumer.stop();
          consumers.running -= 1;
        },
      };
    };
    const db = await openDatabase({ path: IN_MEMORY });
    const tasks = new SqlTaskStore(db, time.clock);
    const journal = journalOf(tasks, events);
    const client = new ServiceClient({});
    const deps = { tasks, journal, events, queue, client, slots: 1, clock: time.clock, timers: time };
    app = buildWorker(deps, testOptions(worker));
    close = async () => {
      await app.close();
      await db.destroy();
    };
  });
  afterEach(() => close());

  const readiness = async () => (await app.inject(worker.probes.readiness.path)).statusCode;
  const listen = () => app.listen({ host: '127.0.0.1', port: 0 });

  it('is ready when it consumes, and no sooner', async () => {
    expect(await readiness()).toBe(503);
    await listen();
    await until('it is ready', async () => (await readiness()) === 200);
    expect(consumers.running).toBe(1);
  });

  it('is not ready while it cannot hear of cancellations, and tries again until it can', async () => {
    const onCancel = events.onCancel.bind(events);
    let tries = 0;
    events.onCancel = async (listener) => {
      tries += 1;
      if (tries < 3) throw new Error('Command timed out');
      return onCancel(listener);
    };
    await listen();
    await until('it has failed', () => time.pending === 1);
    expect(await readiness()).toBe(503);
    time.advance(200);
    await until('it has failed again', () => time.pending === 1);
    time.advance(399);
    expect(tries).toBe(2);
    time.advance(1);
    await until('it is ready', async () => (await readiness()) === 200);
    expect(consumers.running).toBe(1);
  });

  it('ends while it waits for another try', async () => {
    events.onCancel = async () => {
      throw new Error('Command timed out');
    };
    await listen();
    await until('it has failed', () => time.pending === 1);
    await app.close();
    expect([time.pending, consumers.running]).toEqual([0, 0]);
  });
});
