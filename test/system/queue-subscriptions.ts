import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectRabbitMq } from '../../app/adapters/rabbitmq/connect-rabbitmq.js';
import type { Task } from '../../app/queue/task.js';
import type { TaskQueue } from '../../app/queue/task-queue.js';
import { brokerTopology, type TaskPriority } from '../../contract/index.js';
import { sampleTask } from '../support/sample-task.js';
import { until } from '../support/until.js';
import { QueueVhost, quickTopology } from './queue-vhost.js';
import type { RabbitMqServer } from './rabbitmq.js';

/** How a consumer subscribes, leaves, and comes back, whatever becomes of its queues and its connection. */
export function describeSubscriptions(broker: () => RabbitMqServer): void {
  describe('subscriptions of RabbitMQ', () => {
    let vhost: QueueVhost;
    beforeEach(async () => {
      vhost = await QueueVhost.make(broker());
    });
    afterEach(() => vhost.close());

    const publishOnceItIsThere = (queue: TaskQueue, task: Task) =>
      until(
        'there is a queue for the task',
        () =>
          queue.publish(task).then(
            () => true,
            () => false,
          ),
        30_000,
      );

    it('subscribes to a queue that alone has a backlog, once a slot, and asks again when another has work', async () => {
      const queue = await vhost.open();
      const slots = 4;
      const backlog = Array.from({ length: 150 }, () => sampleTask());
      await Promise.all(backlog.map((task) => queue.publish(task)));
      const seen: TaskPriority[] = [];
      const urgent = Array.from({ length: 30 }, () => sampleTask({ priority: 'high' }));
      let following: Promise<void> | undefined;
      let asking: Promise<void> | undefined;
      const followThenPublish = async () => {
        await until('every slot has subscribed', async () => (await vhost.subscriptions()) === slots, 10_000);
        for (const task of urgent) await queue.publish(task);
      };
      await queue.consume(slots, async ({ priority }) => {
        seen.push(priority);
        if (seen.length > 40) following ??= followThenPublish();
        await following;
        // Until every slot is busy with one that it has asked for.
        if (priority === 'high')
          asking ??= until('none subscribes', async () => (await vhost.subscriptions()) === 0, 10_000);
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
      const queue = await vhost.open();
      const backlog = Array.from({ length: 200 }, () => sampleTask());
      await Promise.all(backlog.map((task) => queue.publish(task)));
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
      await vhost.cut();
      goOn();
      await until('all are done', () => seen.size === backlog.length, 15_000);
      await until('nothing is left', async () => (await (await vhost.open()).depths()).normal === 0);
    });

    it('delivers to one idle slot after the other what comes by all queues at once', async () => {
      const queue = await vhost.open();
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
      const queue = await vhost.open();
      const seen: string[] = [];
      await queue.consume(2, async ({ id }) => {
        seen.push(id);
        return { outcome: 'done' };
      });
      await until(
        'it waits at every queue',
        async () => (await vhost.subscribers()) === quickTopology.queues.length,
        10_000,
      );
      await vhost.deleteQueue(quickTopology.queues[1]?.name);
      await publishOnceItIsThere(queue, sampleTask({ id: 'after it' }));
      await until('the task is done', () => seen.length === 1, 10_000);
      expect(seen).toEqual(['after it']);
    });

    it('delivers again what a consumer had in hand when its connection was cut, and the consumer comes back', async () => {
      const queue = await vhost.open();
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
      await vhost.cut();
      await until('the broker has it back', async () => (await (await vhost.open()).depths()).normal === 1);
      inHand[0]?.();
      await until('it is delivered again', () => deliveries.length === 2, 10_000);
      expect(deliveries).toEqual([task.id, task.id]);
      await until('nothing is left', async () => (await queue.depths()).normal === 0);
    });

    describe('to a queue that was deleted and made anew before the broker told its subscribers', () => {
      /** All in one packet: the new queue then takes the subscribers of the old one for its own, and they never hear of it. */
      async function makeAnew(name: string): Promise<void> {
        const { url } = vhost;
        const connection = connectRabbitMq({ url, password: broker().password, onError: () => undefined });
        await connection.onConnect();
        const channel = await connection.acquire();
        const needed = brokerTopology(quickTopology);
        await Promise.all([
          channel.queueDelete({ queue: name }),
          ...needed.queues
            .filter((queue) => queue.name === name)
            .map((queue) => channel.queueDeclare({ queue: name, durable: true, arguments: queue.arguments })),
          ...needed.bindings.filter(({ queue }) => queue === name).map((binding) => channel.queueBind(binding)),
        ]);
        await channel.close();
        await connection.close();
      }

      it('delivers what comes by it to slots that follow it', async () => {
        const queue = await vhost.open();
        for (let round = 0; round < 2; round += 1) {
          await Promise.all(Array.from({ length: 130 }, () => queue.publish(sampleTask())));
          const seen = new Set<string>();
          let goOn = () => {};
          const anew = new Promise<void>((resolve) => {
            goOn = resolve;
          });
          const consumer = await queue.consume(4, async ({ id }) => {
            seen.add(id);
            if (seen.size > 20) await anew;
            return { outcome: 'done' };
          });
          await until('every slot has one of the backlog in hand', () => seen.size === 24);
          await makeAnew('tasks.normal');
          const after = Array.from({ length: 40 }, () => sampleTask());
          const published = Promise.all(after.map((task) => queue.publish(task)));
          goOn();
          await published;
          await until('what came after it is done', () => after.every(({ id }) => seen.has(id)), 15_000);
          await consumer.stop();
        }
      });

      it('delivers what comes by it to idle slots', async () => {
        const queue = await vhost.open();
        const seen: string[] = [];
        await queue.consume(2, async ({ id }) => {
          seen.push(id);
          return { outcome: 'done' };
        });
        const idle = async () => (await vhost.subscribers()) === quickTopology.queues.length;
        await until('it waits at every queue', idle, 10_000);
        await makeAnew('tasks.normal');
        await queue.publish(sampleTask({ id: 'after it' }));
        await until('the task is done', () => seen.length === 1, 15_000);
      });
    });

    it('stays connected while it drains a task that takes longer than the broker waits for a sign of life', async () => {
      const errors: unknown[] = [];
      const queue = await vhost.open({ url: `${vhost.url}?heartbeat=1`, onError: (error) => errors.push(error) });
      const begun: string[] = [];
      const done: string[] = [];
      const consumer = await queue.consume(1, async ({ id }) => {
        begun.push(id);
        await wait(4_000); // Real time, as the broker's: it gives a silent client up after two heartbeats.
        done.push(id);
        return { outcome: 'done' };
      });
      await queue.publish(sampleTask({ id: 'long' }));
      await until('it is begun', () => begun.length === 1);
      await consumer.stop();
      expect([begun, done, errors]).toEqual([['long'], ['long'], []]);
      expect(await (await vhost.open()).depths()).toEqual({ high: 0, normal: 0, low: 0 });
    });

    it('works as a user that may not bind either, by the bindings that are there', async () => {
      await vhost.open();
      const queue = await vhost.openAs('stranger', {}, quickTopology.queues[1]?.name);
      await queue.publish(sampleTask());
      expect(await queue.depths()).toEqual({ high: 0, normal: 1, low: 0 });
    });

    it('consumes one queue while another is missing that it may not make anew', async () => {
      await vhost.open();
      const errors: unknown[] = [];
      const queue = await vhost.openAs('reader', { onError: (error) => errors.push(error) });
      const seen: string[] = [];
      await queue.consume(2, async ({ id }) => {
        seen.push(id);
        return { outcome: 'done' };
      });
      await vhost.deleteQueue('tasks.low');
      for (let i = 0; i < 3; i += 1) {
        await queue.publish(sampleTask({ priority: 'high' }));
        await until('the task is done', () => seen.length === i + 1, 10_000);
      }
      expect(errors.map(String)).toContainEqual(expect.stringContaining("no queue 'tasks.low'"));
      // Who waits at the others tells it every few seconds, not whenever a slot looks,
      expect(errors.length).toBeLessThan(20);
      // and hears of the queue that somebody makes in its place.
      await vhost.open();
      await queue.publish(sampleTask({ priority: 'low', id: 'in the new queue' }));
      await until('it is done by a slot that was idle', () => seen.includes('in the new queue'), 10_000);
    });

    it('makes its queues anew where the broker has lost all of them, and consumes them', async () => {
      const queue = await vhost.open();
      const seen: string[] = [];
      await queue.consume(8, async ({ id }) => {
        seen.push(id);
        return { outcome: 'done' };
      });
      await vhost.lose();
      await publishOnceItIsThere(queue, sampleTask({ id: 'after it' }));
      await until('the task is done', () => seen.includes('after it'), 15_000);
    });
  });
}
