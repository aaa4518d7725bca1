import { execFileSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RabbitTaskQueue } from '../../app/adapters/rabbitmq/rabbit-task-queue.js';
import type { Task } from '../../app/queue/task.js';
import { describeTaskQueue } from '../../app/queue/task-queue.conformance.js';
import { systemTimers } from '../../app/runtime/timers.js';
import { makeLogger } from '../../app/telemetry/logger.js';
import { Metrics } from '../../app/telemetry/metrics.js';
import { measureQueues } from '../../app/worker/measure-queues.js';
import { rabbitMqDefinitions } from '../../constructs/index.js';
import { type TaskPriority, tasks, worker } from '../../contract/index.js';
import { sampleTask } from '../support/sample-task.js';
import { until } from '../support/until.js';
import { RabbitMqServer } from './rabbitmq.js';

/** The platform's topology with delays that a test can wait for: RabbitMQ's clock cannot be moved. */
const topology = { ...tasks, retryDelaysSeconds: [1, 2] };

let broker: RabbitMqServer;
beforeAll(async () => {
  broker = await RabbitMqServer.start();
});
afterAll(() => broker.stop());

let vhosts = 0;
describeTaskQueue('RabbitMQ', async () => {
  vhosts += 1;
  const vhost = `conformance-${vhosts}`;
  const errors: unknown[] = [];
  const queue = await RabbitTaskQueue.open({
    url: await broker.makeVhost(vhost),
    password: broker.password,
    topology,
    onError: (error) => errors.push(error),
  });
  return {
    queue,
    // Sleeps, as no other test may: the broker's own clock measures the delays, and nothing tells when one has half passed.
    elapse: (seconds) => wait(seconds * 1000),
    close: async () => {
      await broker.deleteVhost(vhost);
      if (errors.length > 0) throw errors[0];
    },
  };
});

describe('RabbitMQ', () => {
  let vhost: string;
  let url: string;
  const opened: RabbitTaskQueue[] = [];
  beforeEach(async () => {
    vhosts += 1;
    vhost = `queues-${vhosts}`;
    url = await broker.makeVhost(vhost);
  });
  afterEach(async () => {
    for (const queue of opened.splice(0)) await queue.close();
    await broker.deleteVhost(vhost);
  });

  const open = async (given: { url?: string; password?: string; name?: string } = {}) => {
    const queue = await RabbitTaskQueue.open({
      url,
      password: broker.password,
      topology,
      onError: () => undefined,
      ...given,
    });
    opened.push(queue);
    return queue;
  };
  const armature = (...args: string[]) =>
    execFileSync(process.execPath, ['--import', 'tsx', 'cli/main.ts', 'queue', ...args], {
      encoding: 'utf8',
      env: { ...process.env, RABBITMQ_URL: url, RABBITMQ_PASSWORD: broker.password },
    });

  it('lets a user work that may declare nothing, once it holds the definitions that the cluster gives it', async () => {
    const { vhosts: _, ...definitions } = rabbitMqDefinitions([topology]);
    const named = JSON.parse(JSON.stringify(definitions).replaceAll('"vhost":"/"', `"vhost":"${vhost}"`));
    await broker.manage('POST', `definitions/${vhost}`, named);
    await broker.manage('PUT', 'users/app', { password: 'app-password', tags: '' });
    await broker.manage('PUT', `permissions/${vhost}/app`, { configure: '^$', write: '.*', read: '.*' });
    const queue = await open({ url: url.replace('guest', 'app'), password: 'app-password' });
    const seen: [string, number][] = [];
    await queue.publish(sampleTask());
    await queue.consume(1, async ({ id, attempt }) => {
      seen.push([id, attempt]);
      return attempt === 0 ? { outcome: 'retry', delaySeconds: 1 } : { outcome: 'dead', reason: 'enough' };
    });
    await until('it is dead after a retry', async () => (await queue.deadLetters()).length === 1, 10_000);
    expect(seen.map(([, attempt]) => attempt)).toEqual([0, 1]);
  });

  it('refuses what no queue would take, rather than losing it', async () => {
    const queue = await open();
    await broker.manage('DELETE', `queues/${vhost}/tasks.low`);
    await expect(queue.publish(sampleTask({ priority: 'low' }))).rejects.toThrow('No queue is bound');
    await expect(queue.publish(sampleTask({ priority: 'high' }))).resolves.toBeUndefined();
  });

  it('tells Prometheus how long each queue is, by the worker’s word, and nothing where the broker does not answer', async () => {
    const queue = await open();
    const metrics = new Metrics(worker);
    measureQueues({ queue, metrics, logger: makeLogger(worker.name, 'silent'), timers: systemTimers });
    for (let i = 0; i < 3; i += 1) await queue.publish(sampleTask({ priority: 'high' }));
    const told = async () =>
      Object.fromEntries(
        [...(await metrics.expose()).matchAll(/^task_queue_messages_ready\{queue="([^"]+)"\} (\d+)$/gm)].map(
          ([, name = '', length]) => [name, Number(length)],
        ),
      );
    await until('all three are told of', async () => (await told())['tasks.high'] === 3);
    expect(await told()).toMatchObject({ 'tasks.normal': 0, 'tasks.low': 0, 'tasks.dead': 0 });
    await broker.manage('DELETE', `queues/${vhost}/tasks.low`);
    expect(await told()).toEqual({});
  });

  it('carries the trace context where instrumentation looks for it', async () => {
    const queue = await open();
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await queue.publish(sampleTask({ traceparent }));
    const got = await broker.manage('POST', `queues/${vhost}/tasks.normal/get`, {
      count: 1,
      ackmode: 'ack_requeue_true',
      encoding: 'auto',
    });
    expect(got).toMatchObject([{ properties: { headers: { traceparent }, delivery_mode: 2 } }]);
  });

  it('subscribes to a queue that alone has a backlog, once a slot, and asks again when another has work', async () => {
    const queue = await open();
    const slots = 4;
    const subscriptions = async () => ((await broker.manage('GET', `consumers/${vhost}`)) as unknown[]).length;
    const backlog = Array.from({ length: 150 }, () => sampleTask());
    for (const task of backlog) await queue.publish(task);
    const seen: TaskPriority[] = [];
    const urgent = Array.from({ length: 30 }, () => sampleTask({ priority: 'high' }));
    let following: Promise<void> | undefined;
    let asking: Promise<void> | undefined;
    const followThenPublish = async () => {
      await until('every slot has subscribed', async () => (await subscriptions()) === slots, 10_000);
      for (const task of urgent) await queue.publish(task);
    };
    await queue.consume(slots, async ({ priority }) => {
      seen.push(priority);
      if (seen.length > 40) following ??= followThenPublish();
      await following;
      // Until every slot is busy with one that it has asked for.
      if (priority === 'high') asking ??= until('none subscribes', async () => (await subscriptions()) === 0, 10_000);
      await asking;
      await wait(1);
      return { outcome: 'done' };
    });
    await until('all are done', () => seen.length === backlog.length + urgent.length, 30_000);
    await Promise.all([following, asking]);
    const whileBothHadWork = seen.slice(seen.indexOf('high'), seen.lastIndexOf('high'));
    expect(whileBothHadWork.length).toBeLessThan(2 * urgent.length);
  });

  it('comes back to a backlog when its connection was cut', async () => {
    const queue = await open({ name: 'to be cut while it follows' });
    const backlog = Array.from({ length: 200 }, () => sampleTask());
    for (const task of backlog) await queue.publish(task);
    const seen = new Set<string>();
    let goOn = () => {};
    const cutOff = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await queue.consume(4, async ({ id }) => {
      seen.add(id);
      if (seen.size > 40) await cutOff;
      return { outcome: 'done' };
    });
    await until('it is amid the backlog', () => seen.size > 40);
    await cut('to be cut while it follows');
    goOn();
    await until('all are done', () => seen.size === backlog.length, 15_000);
    await until('nothing is left', async () => (await (await open()).depths()).normal === 0);
  });

  it('delivers to one idle slot after the other what comes by all queues at once', async () => {
    const queue = await open();
    const seen: string[] = [];
    await queue.consume(1, async ({ id }) => {
      seen.push(id);
      await wait(1);
      return { outcome: 'done' };
    });
    const published: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const burst = (['high', 'normal', 'low'] as const).map((priority) => sampleTask({ priority }));
      await Promise.all(burst.map((task) => queue.publish(task)));
      published.push(...burst.map(({ id }) => id));
      await until('the burst is done', () => seen.length === published.length);
    }
    expect([...seen].sort()).toEqual([...published].sort());
  });

  it('delivers to idle slots by a queue that was deleted and made anew', async () => {
    const queue = await open();
    const seen: string[] = [];
    await queue.consume(2, async ({ id }) => {
      seen.push(id);
      return { outcome: 'done' };
    });
    const subscriptions = async () => ((await broker.manage('GET', `consumers/${vhost}`)) as unknown[]).length;
    await until('it waits at every queue', async () => (await subscriptions()) === topology.queues.length, 10_000);
    await broker.manage('DELETE', `queues/${vhost}/${topology.queues[1]?.name}`);
    await until('it has heard of that', async () => (await subscriptions()) === 0, 10_000);
    await (await open()).publish(sampleTask({ id: 'after it' }));
    await until('the task is done', () => seen.length === 1, 10_000);
    expect(seen).toEqual(['after it']);
  });

  it('delivers again what a consumer had in hand when its connection was cut, and the consumer comes back', async () => {
    const queue = await open({ name: 'to be cut' });
    const deliveries: string[] = [];
    const inHand: (() => void)[] = [];
    await queue.consume(1, async ({ id }) => {
      deliveries.push(id);
      if (deliveries.length === 1) await new Promise<void>((resolve) => inHand.push(resolve));
      return { outcome: 'done' };
    });
    const task = sampleTask();
    await queue.publish(task);
    await until('it is in hand', () => inHand.length === 1);
    await cut('to be cut');
    await until('the broker has it back', async () => (await (await open()).depths()).normal === 1);
    inHand[0]?.();
    await until('it is delivered again', () => deliveries.length === 2, 10_000);
    expect(deliveries).toEqual([task.id, task.id]);
    await until('nothing is left', async () => (await queue.depths()).normal === 0);
  });

  it('keeps what is no task with the dead letters, and goes on', async () => {
    const queue = await open();
    for (const payload of ['{"id": 1}', 'not JSON']) {
      await broker.manage('POST', `exchanges/${vhost}/tasks/publish`, {
        properties: { content_type: 'application/json' },
        routing_key: 'normal',
        payload,
        payload_encoding: 'string',
      });
    }
    const good = sampleTask();
    await queue.publish(good);
    const seen: Task[] = [];
    await queue.consume(1, async (task) => {
      seen.push(task);
      return { outcome: 'done' };
    });
    await until('the task is done', () => seen.length === 1);
    expect(seen).toEqual([good]);
    const shown = armature('inspect');
    expect(shown).toContain('tasks.dead          2');
    expect(shown.match(/^not a task/gm)).toHaveLength(2);
    expect(armature('purge', '--all')).toBe('2 removed\n');
  });

  it('lets a person inspect, replay and purge dead letters', async () => {
    const queue = await open();
    const dead = Array.from({ length: 3 }, () => sampleTask());
    for (const task of dead) await queue.publish(task);
    const consumer = await queue.consume(1, async ({ id }) => ({ outcome: 'dead', reason: `no model for ${id}` }));
    await until('all are dead', async () => (await queue.deadLetters()).length === 3);
    await consumer.stop();

    const shown = armature('inspect');
    for (const { id } of dead) expect(shown).toContain(`no model for ${id}`);
    expect(armature('replay', dead[1]?.id ?? '')).toBe('1 put back\n');
    const seen: Task[] = [];
    await queue.consume(1, async (task) => {
      seen.push(task);
      return { outcome: 'done' };
    });
    await until('it is tried anew', () => seen.length === 1);
    expect(seen).toEqual([{ ...dead[1], attempt: 0, replays: 1 }]);

    expect(armature('purge', dead[0]?.id ?? '')).toBe('1 removed\n');
    expect((await queue.deadLetters()).map(({ task }) => task)).toEqual([dead[2]]);
    expect(() => armature('replay', dead[0]?.id ?? '')).toThrow('Not in tasks.dead');
  });

  it('puts each dead letter back once, however soon it fails again', async () => {
    const queue = await open();
    const dead = Array.from({ length: 20 }, () => sampleTask());
    for (const task of dead) await queue.publish(task);
    let runs = 0;
    await queue.consume(4, async () => {
      runs += 1;
      return { outcome: 'dead', reason: 'no model' };
    });
    await until('all are dead', async () => (await queue.deadLetters()).length === dead.length);
    expect(armature('replay', '--all')).toBe('20 put back\n');
    await until('all are dead again', async () => (await queue.deadLetters()).length === dead.length);
    expect(runs).toBe(2 * dead.length);
  });

  /** Closes a client's connection from the broker's side. */
  async function cut(name: string): Promise<void> {
    type Listed = { name: string; user_provided_name?: string }[];
    let found: Listed = [];
    await until(
      'the broker lists the connection',
      async () => {
        const all = (await broker.manage('GET', 'connections')) as Listed;
        found = all.filter((one) => one.user_provided_name === name);
        return found.length > 0;
      },
      15_000,
    );
    for (const one of found) await broker.manage('DELETE', `connections/${encodeURIComponent(one.name)}`);
  }
});
