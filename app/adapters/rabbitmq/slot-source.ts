import type { Channel, Connection, SyncMessage } from 'rabbitmq-client';
import { FollowedQueue } from './followed-queue.js';
import type { Delivery, SubscriptionChannel } from './subscription-channel.js';

/** Where one slot has its messages from: it asks a queue for each of them, or follows one queue. */
export class SlotSource {
  #channel: Channel | undefined;
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
  async ask(queue: string): Promise<(Delivery & { readonly message: SyncMessage }) | undefined> {
    if (!this.#channel?.active) this.#channel = await this.connection.acquire();
    const channel = this.#channel;
    const message = await channel.basicGet(queue);
    return message && { channel, message };
  }

  /** @returns the next message of the queue that it follows from now on, or `undefined` when none has come by then */
  async follow(queue: string, waitMs: number): Promise<Delivery | undefined> {
    if (!this.#followed?.active) this.#followed = await FollowedQueue.begin(await this.subscriptions.get(), queue);
    return this.#followed.next(waitMs);
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
