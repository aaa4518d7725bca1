import type { Channel, Connection, SyncMessage } from 'rabbitmq-client';

/** A message in hand: whoever holds it acknowledges it on the channel that it came by. */
export interface Delivery {
  readonly channel: Channel;
  readonly message: Pick<SyncMessage, 'deliveryTag' | 'body' | 'headers'>;
}

/** The channel of all subscriptions of a consumer, each of which holds one message at most. It is opened anew when it was lost. */
export class SubscriptionChannel {
  #channel: Promise<Channel> | undefined;

  constructor(private readonly connection: Pick<Connection, 'acquire'>) {}

  get(): Promise<Channel> {
    this.#channel ??= this.#open();
    return this.#channel;
  }

  /** To be called when what came by it has been settled. */
  async close(): Promise<void> {
    await (await this.#channel)?.close();
  }

  async #open(): Promise<Channel> {
    const lost = () => {
      this.#channel = undefined;
    };
    try {
      const channel = await this.connection.acquire();
      channel.setMaxListeners(0); // One for each slot that follows a queue.
      channel.once('close', lost);
      await channel.basicQos({ prefetchCount: 1 });
      return channel;
    } catch (error) {
      lost();
      throw error;
    }
  }
}
