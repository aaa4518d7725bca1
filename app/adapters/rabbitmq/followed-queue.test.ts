import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Channel, SyncMessage } from 'rabbitmq-client';
import { FollowedQueue } from './followed-queue.js';
import { SettlingChannel } from './settling-channel.js';

type Deliver = (message: Pick<SyncMessage, 'deliveryTag' | 'body'>) => void;

/** A channel as far as a subscription sees it: with a real broker it takes chance to have a queue deleted and made anew between two looks. */
function channelOf(consumerTag: string) {
  const cancelled: string[] = [];
  let deliver: Deliver = () => {};
  const channel = Object.assign(new EventEmitter(), {
    active: true,
    basicConsume: async (_: unknown, to: Deliver) => {
      deliver = to;
      return { consumerTag };
    },
    basicCancel: async (tag: string) => cancelled.push(tag),
    basicNack: () => undefined,
    close: async () => {
      channel.active = false;
    },
  });
  const settling = new SettlingChannel(channel as unknown as Channel);
  return { channel, settling, cancelled, deliver: (deliveryTag: number) => deliver({ deliveryTag, body: {} }) };
}

describe('a followed queue', () => {
  it('is followed no more once the broker has cancelled it, as it does when the queue is deleted', async () => {
    const { channel, settling } = channelOf('of this slot');
    const followed = await FollowedQueue.begin(settling, 'tasks.high', 12);
    channel.emit('basic.cancel', 'of another slot');
    expect(followed.active).toBe(true);
    channel.emit('basic.cancel', 'of this slot');
    expect(followed.active).toBe(false);
  });

  it('leaves nothing at the channel, which all slots share', async () => {
    const { channel, settling, cancelled } = channelOf('of this slot');
    await (await FollowedQueue.begin(settling, 'tasks.high', 12)).end();
    expect([channel.eventNames(), cancelled]).toEqual([[], ['of this slot']]);
  });

  it('hands out at its end what came before, though the broker has cancelled it since', async () => {
    const { channel, settling, cancelled, deliver } = channelOf('of this slot');
    const followed = await FollowedQueue.begin(settling, 'tasks.high', 12);
    deliver(1);
    channel.emit('basic.cancel', 'of this slot');
    expect((await followed.end())?.inHand).toBe(true);
    expect(cancelled).toEqual([]);
  });

  it('has its channel closed when nothing comes for too long though the queue has messages', async () => {
    const { channel, settling, deliver } = channelOf('of this slot');
    const longestSilenceMs = 20;
    const followed = await FollowedQueue.begin(settling, 'tasks.high', 12, longestSilenceMs);
    await followed.next();
    deliver(1);
    const delivery = await followed.next();
    await followed.next();
    expect(followed.active).toBe(true); // It has heard something in between.
    await followed.next();
    expect([followed.active, channel.active]).toEqual([false, true]);
    delivery?.settle(false);
    expect(channel.active).toBe(false);
  });
});
