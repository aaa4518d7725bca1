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

describe('a subscription of idle slots', () => {
  it('tells every slot that waits what the broker refused, each time', async () => {
    const refusal = new Error('basic.consume: NOT_FOUND');
    const idle = new IdleSubscription(new SubscriptionChannel(connectionThatRefuses(refusal)), ['tasks.high']);
    const round = () => Promise.allSettled([idle.next(), idle.next()]);
    const refused = { status: 'rejected', reason: refusal };
    expect(await round()).toEqual([refused, refused]);
    expect(await round()).toEqual([refused, refused]);
    await idle.stop();
    expect(await idle.next()).toBeUndefined();
  });
});
