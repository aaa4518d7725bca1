import { EventEmitter } from 'node:events';
import { expect, it } from '@jest/globals';
import type { Channel } from 'rabbitmq-client';
import { FollowedQueue } from './followed-queue.js';

/** A channel as far as a subscription sees it: with a real broker it takes chance to have a queue deleted and made anew between two looks. */
function channelOf(consumerTag: string) {
  return Object.assign(new EventEmitter(), {
    active: true,
    basicConsume: async () => ({ consumerTag }),
    basicCancel: async () => undefined,
  });
}

it('is followed no more once the broker has cancelled it, as it does when the queue is deleted', async () => {
  const channel = channelOf('of this slot');
  const followed = await FollowedQueue.begin(channel as unknown as Channel, 'tasks.high');
  channel.emit('basic.cancel', 'of another slot');
  expect(followed.active).toBe(true);
  channel.emit('basic.cancel', 'of this slot');
  expect(followed.active).toBe(false);
});

it('leaves nothing at the channel, which all slots share', async () => {
  const channel = channelOf('of this slot');
  await (await FollowedQueue.begin(channel as unknown as Channel, 'tasks.high')).end();
  expect(channel.eventNames()).toEqual([]);
});
