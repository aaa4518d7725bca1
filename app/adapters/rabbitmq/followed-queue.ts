import { setImmediate } from 'node:timers/promises';
import type { Channel } from 'rabbitmq-client';
import type { Delivery } from './subscription-channel.js';

/** A slot's own subscription to one queue: settling a message brings the next, without a request for it. */
export class FollowedQueue {
  #consumerTag = '';
  #cancelled = false;
  #came: Delivery | undefined;
  #wake: () => void = () => undefined;

  private constructor(
    private readonly channel: Channel,
    readonly name: string,
  ) {}

  /** @param channel one whose subscriptions hold one message each */
  static async begin(channel: Channel, name: string): Promise<FollowedQueue> {
    const queue = new FollowedQueue(channel, name);
    const { consumerTag } = await channel.basicConsume({ queue: name }, (message) => {
      queue.#came = { channel, message };
      queue.#wake();
    });
    queue.#consumerTag = consumerTag;
    channel.on('basic.cancel', queue.#onCancel);
    return queue;
  }

  /** Not so once the channel was lost, or the broker has cancelled the subscription: as it does when the queue is deleted. */
  get active(): boolean {
    return this.channel.active && !this.#cancelled;
  }

  /** @returns the next message, or `undefined` when none has come by then */
  async next(waitMs: number): Promise<Delivery | undefined> {
    if (this.#came === undefined) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#take();
  }

  /** @returns a message that has come before the end */
  async end(): Promise<Delivery | undefined> {
    this.channel.off('basic.cancel', this.#onCancel);
    if (!this.channel.active) return undefined;
    await this.channel.basicCancel(this.#consumerTag);
    await setImmediate(); // What came before is handed out in this turn of the event loop.
    return this.#take();
  }

  readonly #onCancel = (consumerTag: string): void => {
    if (consumerTag !== this.#consumerTag) return;
    this.#cancelled = true;
    this.channel.off('basic.cancel', this.#onCancel);
  };

  #take(): Delivery | undefined {
    const delivery = this.#came;
    this.#came = undefined;
    return delivery;
  }
}
