import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { describeTaskQueue } from '../../app/queue/task-queue.conformance.js';
import { systemTimers } from '../../app/runtime/timers.js';
import { makeLogger } from '../../app/telemetry/logger.js';
import { Metrics } from '../../app/telemetry/metrics.js';
import { measureQueues } from '../../app/worker/measure-queues.js';
import { rabbitMqDefinitions } from '../../constructs/index.js';
import { worker } from '../../contract/index.js';
import { sampleTask } from '../support/sample-task.js';
import { until } from '../support/until.js';
import { describeDeadLetters } from './queue-dead-letters.js';
import { describePublishing } from './queue-publishing.js';
import { describeSubscriptions } from './queue-subscriptions.js';
import { QueueVhost, quickTopology } from './queue-vhost.js';
import { RabbitMqServer } from './rabbitmq.js';

/** All that the task queues do on a broker. @param line of RabbitMQ. @default what was chosen, else the distribution's */
export function describeQueues(line?: string): void {
  let broker: RabbitMqServer;
  beforeAll(async () => {
    broker = await RabbitMqServer.start(line);
  });
  afterAll(() => broker.stop());

  describeTaskQueue('RabbitMQ', async () => {
    const vhost = await QueueVhost.make(broker);
    const errors: unknown[] = [];
    return {
      queue: await vhost.open({ onError: (error) => errors.push(error) }),
      // Sleeps, as no other test may: the broker's own clock measures the delays, and nothing tells when one has half passed.
      elapse: (seconds) => wait(seconds * 1000),
      close: async () => {
        await vhost.close();
        if (errors.length > 0) throw errors[0];
      },
    };
  });
  describeSubscriptions(() => broker);
  describeDeadLetters(() => broker);
  describePublishing(() => broker);

  describe('RabbitMQ', () => {
    let vhost: QueueVhost;
    beforeEach(async () => {
      vhost = await QueueVhost.make(broker);
    });
    afterEach(() => vhost.close());

    it('lets a user work that may declare nothing, once it holds the definitions that the cluster gives it', async () => {
      const { vhosts: _, ...definitions } = rabbitMqDefinitions([quickTopology]);
      const named = JSON.parse(JSON.stringify(definitions).replaceAll('"vhost":"/"', `"vhost":"${vhost.name}"`));
      await broker.manage('POST', `definitions/${vhost.name}`, named);
      const queue = await vhost.openAs('app');
      const seen: [string, number][] = [];
      await queue.publish(sampleTask());
      await queue.consume(1, async ({ id, attempt }) => {
        seen.push([id, attempt]);
        return attempt === 0 ? { outcome: 'retry', delaySeconds: 1 } : { outcome: 'dead', reason: 'enough' };
      });
      await until('it is dead after a retry', async () => (await queue.deadLetters()).length === 1, 10_000);
      expect(seen.map(([, attempt]) => attempt)).toEqual([0, 1]);
    });

    it('tells Prometheus how long each queue is, by the worker’s word, and nothing where the broker does not answer', async () => {
      const queue = await vhost.open();
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
      await vhost.deleteQueue('tasks.low');
      expect(await told()).toEqual({});
    });

    it('carries the trace context where instrumentation looks for it', async () => {
      const queue = await vhost.open();
      const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
      await queue.publish(sampleTask({ traceparent }));
      const got = await broker.manage('POST', `queues/${vhost.name}/tasks.normal/get`, {
        count: 1,
        ackmode: 'ack_requeue_true',
        encoding: 'auto',
      });
      expect(got).toMatchObject([{ properties: { headers: { traceparent }, delivery_mode: 2 } }]);
    });
  });
}
