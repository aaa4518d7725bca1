import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll } from '@jest/globals';
import { RabbitTaskQueue } from '../../app/adapters/rabbitmq/rabbit-task-queue.js';
import { describeTaskQueue } from '../../app/queue/task-queue.conformance.js';
import { tasks } from '../../contract/index.js';
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
    elapse: (seconds) => wait(seconds * 1000),
    close: async () => {
      await broker.deleteVhost(vhost);
      if (errors.length > 0) throw errors[0];
    },
  };
});
