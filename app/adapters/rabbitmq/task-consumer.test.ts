import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Channel, Connection } from 'rabbitmq-client';
import { tasks } from '../../../contract/index.js';
import { until } from '../../../test/support/until.js';
import { TaskConsumer } from './task-consumer.js';

/** A broker with messages without end, as far as a consumer sees it: a real one cannot be told to fail at one place. */
function busyBroker(close: () => Promise<void>, log: string[] = []): Connection {
  let tags = 0;
  const channel = Object.assign(new EventEmitter(), {
    active: true,
    basicGet: async () => {
      tags += 1;
      log.push(`get ${tags}`);
      return { deliveryTag: tags, body: {}, messageCount: 1 };
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

  it('fetches the next task while the outcome of the last one is written, and begins it after that was acknowledged', async () => {
    const log: string[] = [];
    const steps: { readonly workIsOver: () => void; readonly written: (error?: Error) => void }[] = [];
    const told: unknown[] = [];
    const consumer = new TaskConsumer({
      connection: busyBroker(async () => undefined, log),
      topology: tasks,
      slots: 1,
      work: ({ deliveryTag }, workIsOver) => {
        log.push(`begin ${deliveryTag}`);
        return new Promise((resolve, reject) => {
          steps.push({ workIsOver, written: (error) => (error ? reject(error) : resolve()) });
        });
      },
      onError: (error) => told.push(error),
    });
    await until('a task is begun', () => steps.length === 1);
    await new Promise(setImmediate);
    expect(log).toEqual(['get 1', 'begin 1']);
    steps[0]?.workIsOver();
    await until('the next is fetched', () => log.length === 3);
    await new Promise(setImmediate);
    expect(log).toEqual(['get 1', 'begin 1', 'get 2']);
    steps[0]?.written();
    await until('the next is begun', () => steps.length === 2);
    expect(log).toEqual(['get 1', 'begin 1', 'get 2', 'ack 1', 'begin 2']);
    // What could not be written goes back, and its slot goes on with what it has fetched.
    steps[1]?.workIsOver();
    await until('one more is fetched', () => log.includes('get 3'));
    const away = new Error('Redis is away.');
    steps[1]?.written(away);
    await until('that one is begun', () => steps.length === 3);
    expect([log.slice(5), told]).toEqual([['get 3', 'nack 2', 'begin 3'], [away]]);
    // Asked to stop, it begins nothing more: what was fetched meanwhile goes back.
    steps[2]?.workIsOver();
    await until('one more is fetched', () => log.includes('get 4'));
    const stopped = consumer.stop();
    steps[2]?.written();
    await stopped;
    expect(log.slice(8)).toEqual(['get 4', 'ack 3', 'nack 4']);
  });
});
