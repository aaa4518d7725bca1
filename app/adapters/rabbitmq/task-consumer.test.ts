import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Channel, Connection } from 'rabbitmq-client';
import { tasks } from '../../../contract/index.js';
import { until } from '../../../test/support/until.js';
import { TaskConsumer } from './task-consumer.js';

/** A broker with messages without end, as far as a consumer sees it: a real one cannot be told to fail at one place. */
function busyBroker(close: () => Promise<void>, log: string[] = [], arrival = async (_tag: number) => {}): Connection {
  let tags = 0;
  const channel = Object.assign(new EventEmitter(), {
    active: true,
    basicGet: async () => {
      tags += 1;
      const deliveryTag = tags;
      log.push(`get ${deliveryTag}`);
      await arrival(deliveryTag);
      return { deliveryTag, body: deliveryTag, messageCount: 1 };
    },
    basicAck: ({ deliveryTag }: { deliveryTag: number }) => log.push(`ack ${deliveryTag}`),
    basicNack: ({ deliveryTag }: { deliveryTag: number }) => log.push(`nack ${deliveryTag}`),
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
      onMissing: (error) => told.push(error),
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

  it('begins the next task once the last is settled: acknowledged when it is done, given back when it failed or came too late', async () => {
    const log: string[] = [];
    const ends: ((error?: Error) => void)[] = [];
    const told: unknown[] = [];
    let arrive = () => {};
    const fourth = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const consumer = new TaskConsumer({
      connection: busyBroker(
        async () => undefined,
        log,
        async (tag) => (tag === 4 ? fourth : undefined),
      ),
      topology: tasks,
      slots: 1,
      work: ({ message: { body } }) => {
        log.push(`begin ${body}`);
        return new Promise((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve())));
      },
      onMissing: (error) => told.push(error),
      onError: (error) => told.push(error),
    });
    await until('a task is begun', () => ends.length === 1);
    ends[0]?.();
    await until('the next is begun', () => ends.length === 2);
    expect(log).toEqual(['get 1', 'begin 1', 'ack 1', 'get 2', 'begin 2']);
    const away = new Error('Redis is away.');
    ends[1]?.(away);
    await until('the slot goes on after it', () => ends.length === 3);
    expect([log.slice(5), told]).toEqual([['nack 2', 'get 3', 'begin 3'], [away]]);
    ends[2]?.();
    await until('one more is asked for', () => log.includes('get 4'));
    const stopped = consumer.stop();
    arrive();
    await stopped;
    expect(log.slice(8)).toEqual(['ack 3', 'get 4', 'nack 4']);
  });
});
