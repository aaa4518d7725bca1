import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Channel, Connection } from 'rabbitmq-client';
import { IdleSubscription } from './idle-subscription.js';
import { SubscriptionChannel } from './subscription-channel.js';

/** A connection as far as a subscription sees it: a real broker cannot be told to fail between two requests. */
function connectionThatRefuses(refusal: Error): Connection {
  const channel = Object.assign(new EventEmitter(), {
    active: true,
    basicQos: async () => undefined,
    basicConsume: async () => {
      throw refusal;
    },
    close: async () => undefined,
  });
  return { acquire: async () => channel as unknown as Channel } as unknown as Connection;
}

/** A connection whose channels deliver nothing. */
function silentConnection() {
  const channels: EventEmitter[] = [];
  let open = 0;
  const acquire = async () => {
    open += 1;
    const channel = Object.assign(new EventEmitter(), {
      active: true,
      basicQos: async () => undefined,
      basicConsume: async ({ queue }: { queue: string }) => ({ consumerTag: queue }),
      basicCancel: async () => undefined,
      close: async () => {
        open -= 1;
        channel.active = false;
      },
    });
    channels.push(channel);
    return channel as unknown as Channel;
  };
  return { connection: { acquire } as unknown as Connection, channels, open: () => open };
}

describe('a subscription of idle slots', () => {
  it('looks again after a while, by another channel: the broker may have forgotten the one it had', async () => {
    const { connection, channels, open } = silentConnection();
    const idle = new IdleSubscription(new SubscriptionChannel(connection), () => ['tasks.high', 'tasks.low'], 5);
    expect(await Promise.all([idle.next(), idle.next()])).toEqual([undefined, undefined]);
    expect([channels.length, open()]).toEqual([1, 0]);
    expect(await idle.next()).toBeUndefined();
    expect([channels.length, open()]).toEqual([2, 0]);
    for (const channel of channels) expect(channel.eventNames()).toEqual([]);
  });

  it('tells every slot that waits what the broker refused, each time', async () => {
    const refusal = new Error('basic.consume: NOT_FOUND');
    const idle = new IdleSubscription(new SubscriptionChannel(connectionThatRefuses(refusal)), () => ['tasks.high']);
    const round = () => Promise.allSettled([idle.next(), idle.next()]);
    const refused = { status: 'rejected', reason: refusal };
    expect(await round()).toEqual([refused, refused]);
    expect(await round()).toEqual([refused, refused]);
    await idle.stop();
    expect(await idle.next()).toBeUndefined();
  });

  // It was begun, and begun again when the broker delivered it anew.
  it('hands out nothing that came by a channel which ended before it was subscribed to every queue', async () => {
    const refusal = new Error('basic.consume: NOT_FOUND');
    let deliverHigh = (_message: object): void => undefined;
    const channel = Object.assign(new EventEmitter(), {
      active: true,
      basicQos: async () => undefined,
      basicConsume: async ({ queue }: { queue: string }, deliver: (message: object) => void) => {
        if (queue === 'tasks.high') {
          deliverHigh = deliver;
          return { consumerTag: queue };
        }
        deliverHigh({ consumerTag: 'tasks.high', deliveryTag: 1, body: 'task' });
        channel.active = false;
        throw refusal;
      },
      close: async () => undefined,
    });
    const connection = { acquire: async () => channel as unknown as Channel } as unknown as Connection;
    const idle = new IdleSubscription(new SubscriptionChannel(connection), () => ['tasks.high', 'tasks.low']);
    await expect(idle.next()).rejects.toBe(refusal);
  });
});
