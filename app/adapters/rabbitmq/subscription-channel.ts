import type { Connection } from 'rabbitmq-client';
import { SettlingChannel } from './settling-channel.js';

/** The channel of all subscriptions of a consumer, each of which holds one message at most. It is opened anew when it was lost, or retired. */
export class SubscriptionChannel {
  #current: SettlingChannel | undefined;
  #opening: Promise<SettlingChannel> | undefined;

  constructor(private readonly connection: Pick<Connection, 'acquire'>) {}

  async get(): Promise<SettlingChannel> {
    if (this.#current?.active) return this.#current;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** To be called when what came by it has been settled. */
  async close(): Promise<void> {
    await this.#current?.close();
  }

  async #open(): Promise<SettlingChannel> {
    const channel = await this.connection.acquire();
    channel.setMaxListeners(0); // One for each slot that follows a queue.
    try {
      await channel.basicQos({ prefetchCount: 1 });
    } catch (error) {
      await channel.close();
      throw error;
    }
    this.#current = new SettlingChannel(channel);
    return this.#current;
  }
}
