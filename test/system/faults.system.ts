import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import { v7 as newId } from 'uuid';
import { RabbitTaskQueue } from '../../app/adapters/rabbitmq/rabbit-task-queue.js';
import { openRedis } from '../../app/adapters/redis/open-redis.js';
import { RedisSubmissions } from '../../app/adapters/redis/redis-submissions.js';
import { RedisTaskEvents } from '../../app/adapters/redis/redis-task-events.js';
import { RedisTaskStore } from '../../app/adapters/redis/redis-task-store.js';
import { ada, inject, testOptions } from '../../app/runtime/service.fixture.js';
import { systemTimers } from '../../app/runtime/timers.js';
import { buildChat } from '../../app/services/chat/build-chat.js';
import { chat, chatApi, TIERS } from '../../contract/index.js';
import { until } from '../support/until.js';
import { type FaultWork, faultTopology as topology } from './fault-topology.js';
import { RabbitMqServer } from './rabbitmq.js';
import { RedisServer } from './redis.js';
import { type Account, TaskWitness } from './task-witness.js';
import { WorkerFleet } from './worker-fleet.js';

const SLOTS = 8;
const SENDERS = 32;
const PATIENCE_MS = 120_000;

interface Row extends Account {
  readonly fault: string;
  /** From the fault until what was in hand at that moment has ended. */
  readonly recoveredAfterMs: number;
}

describe('faults', () => {
  let broker: RabbitMqServer;
  let redisServer: RedisServer;
  let redis: Redis;
  let queue: RabbitTaskQueue;
  let events: RedisTaskEvents;
  let service: FastifyInstance;
  let witness: TaskWitness;
  let fleet: WorkerFleet;
  const rows: Row[] = [];
  const acceptedIds: string[] = [];
  const onError = () => undefined; // Stores go away here: what counts is what became of the tasks.

  const startFleet = () =>
    WorkerFleet.start({ args: [broker.url, broker.password, redisServer.url, String(SLOTS)], workers: 2 });

  beforeAll(async () => {
    [broker, redisServer] = await Promise.all([RabbitMqServer.start(), RedisServer.start()]);
    redis = await openRedis({ url: redisServer.url, onError });
    queue = await RabbitTaskQueue.open({
      url: broker.url,
      password: broker.password,
      topology,
      name: 'chat',
      onError,
    });
    events = new RedisTaskEvents(redis, onError);
    const tasks = new RedisTaskStore(redis);
    const submissions = new RedisSubmissions(redis);
    const deps = { queue, tasks, events, submissions, clock: Date.now, timers: systemTimers, newId };
    service = buildChat(deps, testOptions(chat));
    witness = await TaskWitness.start(redis);
    fleet = await startFleet();
  });
  afterAll(async () => {
    await fleet.stop();
    witness.stop();
    await queue.close();
    await events.close();
    redis.disconnect();
    await Promise.all([broker.stop(), redisServer.stop()]);
    process.stdout.write(table(rows));
  });

  /** Submits as a client does. @returns the task's id, if the service has taken it */
  async function submit(work: FaultWork, nth: number): Promise<string | undefined> {
    const tier = TIERS[nth % TIERS.length] ?? 'free';
    const body = { session: 's1', message: JSON.stringify(work) };
    const { status, body: answer } = await inject(service, chatApi.submitChat, { body }, { ...ada, tier });
    return status === 200 ? answer.task_id : undefined;
  }

  /** Submits all of it, and in the middle of it lets the fault happen. */
  async function suffer(fault: string, works: readonly FaultWork[], happen: () => Promise<void>): Promise<Row> {
    const accepted: string[] = [];
    const rest = works.entries();
    let reachHalf = () => {};
    const half = new Promise<void>((resolve) => {
      reachHalf = resolve;
    });
    const sending = Promise.all(
      Array.from({ length: SENDERS }, async () => {
        for (const [nth, work] of rest) {
          const id = await submit(work, nth);
          if (id !== undefined) accepted.push(id);
          if (nth >= works.length / 2) reachHalf();
        }
      }),
    );
    await half;
    const inHand = witness.inHand;
    const faultAt = performance.now();
    await happen();
    await untilEnded(`what was in hand when ${fault} has ended`, inHand);
    const recoveredAfterMs = performance.now() - faultAt;
    await sending;
    await untilEnded(`everything has ended after ${fault}`, accepted);
    acceptedIds.push(...accepted);
    const row = { fault, recoveredAfterMs, ...(await witness.account(accepted)) };
    rows.push(row);
    return row;
  }

  async function untilEnded(what: string, ids: readonly string[]): Promise<void> {
    let open = [...ids];
    await until(
      what,
      async () => {
        open = await witness.open(open).catch(() => open);
        return open.length === 0;
      },
      PATIENCE_MS,
    );
  }

  const quick = (count: number): FaultWork[] => Array.from({ length: count }, () => ({ act: 'work', ms: 5 }));
  /** So long that both workers have some in hand when the fault comes, and of different lengths, so that they are not at its end all at once. */
  const slow = (count: number): FaultWork[] =>
    Array.from({ length: count }, (_, i) => ({ act: 'work', ms: 30 + 10 * (i % 5) }));
  const bothAtWork = () => until('both workers are at work', () => witness.inHand.length > SLOTS, PATIENCE_MS);
  const nothingLost = { lost: 0, doubled: 0 };

  it('kill -9 of a worker in mid-task: what it had in hand is done by another', async () => {
    const row = await suffer('a worker was killed', slow(3_000), async () => {
      await bothAtWork();
      fleet.kill();
    });
    expect(row).toMatchObject({ ...nothingLost, reportedFailed: 0, accepted: 3_000 });
    expect(row.runsAgain).toBeGreaterThan(0);
  });

  it('SIGTERM of a worker: it finishes what it has in hand, and nothing runs again', async () => {
    let exitCode: number | null = null;
    const row = await suffer('a worker was asked to end', slow(1_000), async () => {
      await bothAtWork();
      exitCode = await fleet.drain();
    });
    expect(row).toMatchObject({ ...nothingLost, reportedFailed: 0, accepted: 1_000, runsAgain: 0 });
    expect(exitCode).toBe(0);
  });

  it('a broker that dies with 1,000 tasks queued has them all when it is back', async () => {
    await fleet.stop();
    const row = await suffer('the broker was killed', quick(2_000), async () => {
      await until('1,000 are queued', async () => sum(await queue.depths()) >= 1_000, PATIENCE_MS);
      await broker.kill();
      await broker.restart();
      fleet = await startFleet();
    });
    expect(row).toMatchObject({ ...nothingLost, reportedFailed: 0 });
    expect(row.accepted).toBeGreaterThanOrEqual(1_000);
  });

  it('Redis killed under load: tasks come back until their states can be written', async () => {
    const row = await suffer('Redis was killed', quick(2_500), async () => {
      await redisServer.kill();
      await redisServer.restart();
    });
    expect(row).toMatchObject({ ...nothingLost, reportedFailed: 0 });
    expect(row.accepted).toBeGreaterThan(1_000);
  });

  it('every connection to the broker cut: publishers and workers come back', async () => {
    const row = await suffer('connections were cut', quick(3_500), async () => {
      const found = (await broker.manage('GET', 'connections')) as { name: string }[];
      expect(found.length).toBeGreaterThanOrEqual(3);
      for (const { name } of found) await broker.manage('DELETE', `connections/${encodeURIComponent(name)}`);
    });
    expect(row).toMatchObject({ ...nothingLost, reportedFailed: 0 });
    expect(row.accepted).toBeGreaterThan(1_000);
  });

  it('a task that kills its worker is given up after three, and told so', async () => {
    const row = await suffer('a task killed its worker', [{ act: 'die' }, ...quick(300)], async () => undefined);
    expect(row).toMatchObject({ ...nothingLost, accepted: 301, delivered: 300, reportedFailed: 1 });
  });

  it('tasks past the hard limit are tried again, then reported failed, and hold up nobody for longer', async () => {
    const hanging: FaultWork[] = Array.from({ length: 5 }, () => ({ act: 'hang' }));
    const row = await suffer('tasks hung', [...hanging, ...quick(300)], async () => undefined);
    expect(row).toMatchObject({ ...nothingLost, accepted: 305, delivered: 300, reportedFailed: 5 });
  });

  it('over 10,000 confirmed tasks accepted = delivered + reported failed, nothing doubled, queues empty', async () => {
    const account = await witness.account(acceptedIds);
    expect(account).toMatchObject(nothingLost);
    expect(account.accepted).toBeGreaterThanOrEqual(10_000);
    expect(account.delivered + account.reportedFailed).toBe(account.accepted);
    const dead = (await queue.deadLetters()).map(({ task }) => task.id);
    expect(dead).toHaveLength(account.reportedFailed);
    await until(
      'every queue but that of the dead letters is empty',
      async () => {
        const queues = (await broker.manage('GET', 'queues')) as { name: string; messages?: number }[];
        const full = queues.filter(({ name, messages }) => name !== topology.deadLetterQueue && messages !== 0);
        return queues.length > 0 && full.length === 0;
      },
      30_000,
    );
  });
});

function sum(depths: Readonly<Record<string, number>>): number {
  return Object.values(depths).reduce((total, depth) => total + depth, 0);
}

function table(rows: readonly Row[]): string {
  const head = ['fault', 'accepted', 'delivered', 'reported failed', 'lost', 'doubled', 'runs again', 'recovered'];
  const lines = rows.map((row) => [
    row.fault,
    ...[row.accepted, row.delivered, row.reportedFailed, row.lost, row.doubled, row.runsAgain].map(String),
    `${(row.recoveredAfterMs / 1000).toFixed(1)} s`,
  ]);
  const width = (column: number) => Math.max(...[head, ...lines].map((line) => line[column]?.length ?? 0));
  const text = [head, ...lines].map((line) => line.map((cell, column) => cell.padEnd(width(column))).join('  '));
  return `\n${text.join('\n')}\n`;
}
