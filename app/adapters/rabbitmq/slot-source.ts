import type { Connection } from 'rabbitmq-client';
import { FollowedQueue } from './followed-queue.js';
import { type Delivery, SettlingChannel } from './settling-channel.js';
import type { SubscriptionChannel } from './subscription-channel.js';

/** A message that was asked for. */
export interface Asked {
  readonly delivery: Delivery;
  /** Messages that its queue has ready after it. */
  readonly ready: number;
}

/** Where one slot has its messages from: it asks a queue for each of them, or follows one queue. */
export class SlotSource {
  #channel: SettlingChannel | undefined;
  #followed: FollowedQueue | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly subscriptions: SubscriptionChannel,
  ) {}

  /** Name of the queue that it follows, if it follows one. */
  get followed(): string | undefined {
    return this.#followed?.active ? this.#followed.name : undefined;
  }

  /** @returns `undefined` from an empty queue */
  async ask(queue: string): Promise<Asked | undefined> {
    if (!this.#channel?.active) this.#channel = new SettlingChannel(await this.connection.acquire());
    const channel = this.#channel;
    const message = await channel.channel.basicGet(queue);
    return message && { delivery: channel.take(message), ready: message.messageCount };
  }

  /** @returns the next message of the queue that it follows from now on, or `undefined` when none has come by then */
  async follow(queue: string, waitMs: number): Promise<Delivery | undefined> {
    if (this.followed !== queue) {
      const came = await this.leave();
      if (came !== undefined) return came;
      this.#followed = await FollowedQueue.begin(await this.subscriptions.get(), queue, waitMs);
    }
    return this.#followed?.next();
  }

  /** Follows nothing any more. @returns a message that came before the end */
  async leave(): Promise<Delivery | undefined> {
    const followed = this.#followed;
    this.#followed = undefined;
    return followed?.end();
  }

  async close(): Promise<void> {
    await this.#channel?.close();
  }
}
