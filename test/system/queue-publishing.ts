import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfirmedPublisher } from '../../app/adapters/rabbitmq/confirmed-publisher.js';
import type { TaskQueue } from '../../app/queue/task-queue.js';
import { retryQueueName } from '../../contract/index.js';
import { sampleTask } from '../support/sample-task.js';
import { until } from '../support/until.js';
import { QueueVhost, quickTopology } from './queue-vhost.js';
import type { RabbitMqServer } from './rabbitmq.js';

const { exchange, deadLetterQueue } = quickTopology;
const retry = retryQueueName(quickTopology, 0);

/** What becomes of a message that the broker has no place for, or does not take. */
export function describePublishing(broker: () => RabbitMqServer): void {
  describe('publishing to RabbitMQ', () => {
    let vhost: QueueVhost;
    beforeEach(async () => {
      vhost = await QueueVhost.make(broker());
    });
    afterEach(() => vhost.close());

    /** @returns the attempts of the one task that fails at first and is dead after its retry */
    async function failTwice(queue: TaskQueue): Promise<readonly number[]> {
      const attempts: number[] = [];
      await queue.consume(1, async ({ attempt }) => {
        attempts.push(attempt);
        return attempt === 0 ? { outcome: 'retry', delaySeconds: 1 } : { outcome: 'dead', reason: 'enough' };
      });
      await queue.publish(sampleTask());
      await until('it is dead after a retry', () => queue.deadLetters().then(({ length }) => length === 1, no), 15_000);
      return attempts;
    }

    const remove = (path: string) => broker().manage('DELETE', path.replace('VHOST', vhost.name));

    it('makes a binding anew that was lost while it is connected, though it may declare nothing', async () => {
      await vhost.open();
      const queue = await vhost.openAs('publisher');
      await vhost.unbind('normal');
      await queue.publish(sampleTask());
      expect(await queue.depths()).toMatchObject({ normal: 1 });
    });

    it('makes exchanges, a retry queue and the dead-letter queue anew that were deleted while it is connected', async () => {
      const queue = await vhost.open();
      for (const name of [exchange, retry]) await remove(`exchanges/VHOST/${name}`);
      for (const name of [retry, deadLetterQueue]) await vhost.deleteQueue(name);
      expect(await failTwice(queue)).toEqual([0, 1]);
    });

    it('makes anew what nobody publishes to, by the look of a readiness probe', async () => {
      const queue = await vhost.open();
      await vhost.deleteQueue(deadLetterQueue);
      await queue.check();
      await until('it is there', () => queue.lengths().then((lengths) => lengths[deadLetterQueue] === 0, no));
    });

    it('refuses what no queue would take where it may declare nothing', async () => {
      await vhost.open();
      const queue = await vhost.openAs('reader');
      await vhost.deleteQueue('tasks.low');
      const refused = await queue.publish(sampleTask({ priority: 'low' })).catch((error: Error) => error);
      expect(refused).toMatchObject({
        message: expect.stringContaining('No queue is bound'),
        cause: expect.objectContaining({ message: expect.stringContaining('ACCESS_REFUSED') }),
      });
      await expect(queue.publish(sampleTask({ priority: 'high' }))).resolves.toBeUndefined();
    });

    it('tells an outcome again while there is no place for it, instead of doing the work again', async () => {
      await vhost.open();
      const errors: unknown[] = [];
      const queue = await vhost.openAs('reader', { onError: (error) => errors.push(error) });
      await remove(`exchanges/VHOST/${retry}`);
      const attempts = failTwice(queue);
      await until('it was refused', () => errors.length > 0, 10_000);
      await vhost.open(); // by one who may declare it
      expect(await attempts).toEqual([0, 1]);
    });

    it('consumes while the broker is low on memory and takes no messages, and tells who publishes', async () => {
      const queue = await vhost.open();
      const seen: string[] = [];
      let goOn = () => {};
      const alarmed = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      const backlog = Array.from({ length: 20 }, () => sampleTask());
      await Promise.all(backlog.map((task) => queue.publish(task)));
      await queue.consume(2, async ({ id }) => {
        seen.push(id);
        await alarmed;
        return { outcome: 'done' };
      });
      const patienceMs = 300;
      const { url } = vhost;
      const publisher = new ConfirmedPublisher({ url, password: broker().password, onError: () => {} }, patienceMs);
      const send = () => publisher.send({ exchange, routingKey: 'high' }, sampleTask({ priority: 'high' }));
      await send();
      try {
        await broker().control('set_vm_memory_high_watermark', '0.00001');
        await expect(send()).rejects.toThrow('has not confirmed the message within 300 ms'); // and blocks the connection
        await until('it knows', () =>
          send().then(no, ({ message }) => /taken no messages.*low on memory/.test(message)),
        );
        await publisher.close(); // which nobody hears
        // The process that consumes has something to publish too, and its connection for that is blocked as well.
        const published = queue.publish(sampleTask({ id: 'told again' })).catch(() => undefined);
        goOn();
        await until('the backlog is done', () => backlog.every(({ id }) => seen.includes(id)), 10_000);
        await published;
      } finally {
        goOn();
        await broker().control('set_vm_memory_high_watermark', '0.9');
      }
      const takes = () => queue.publish(sampleTask({ id: 'after it' })).then(() => true, no);
      await until('it takes messages again', takes, 20_000);
      await until('what came after it is done', () => seen.includes('after it'), 10_000);
    });
  });
}

const no = () => false;
