import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Channel, Connection } from 'rabbitmq-client';
import { tasks } from '../../../contract/index.js';
import { until } from '../../../test/support/until.js';
import { TaskConsumer } from './task-consumer.js';

/** A broker with messages without end, as far as a consumer sees it: a real one cannot be told to fail at one place. */
function busyBroker(close: () => Promise<void>): Connection {
  const channel = Object.assign(new EventEmitter(), {
    active: true,
    basicGet: async () => ({ deliveryTag: 1, body: {}, messageCount: 1 }),
    basicAck: () => undefined,
    basicNack: () => undefined,
    close,
  });
  const connection = {
    acquire: async () => channel as unknown as Channel,
    queueDeclare: async () => ({ messageCount: 1 }),
  };
  return connection as unknown as Connection;
}

describe('a consumer of tasks', () => {
  it('ends when every slot has ended, and tells of a channel that could not be closed', async () => {
    const told: unknown[] = [];
    const ends: (() => void)[] = [];
    let finished = 0;
    const refused = new Error('The channel could not be closed.');
    const consumer = new TaskConsumer({
      connection: busyBroker(async () => {
        throw refused;
      }),
      topology: tasks,
      slots: 2,
      work: async () => {
        await new Promise<void>((resolve) => ends.push(resolve));
        finished += 1;
      },
      onError: (error) => told.push(error),
    });
    await until('both slots work', () => ends.length === 2);
    let stopped = false;
    const stop = consumer.stop().then(() => {
      stopped = true;
    });
    ends[0]?.();
    await until('the channel of the first is told', () => told.length === 1);
    expect(stopped).toBe(false);
    ends[1]?.();
    await stop;
    expect(finished).toBe(2);
    expect(told).toEqual([refused, refused]);
  });
});
