import { setImmediate } from 'node:timers/promises';
import type { Delivery, SettlingChannel } from './settling-channel.js';

/** For so long a slot waits for what its queue has ready, in all, before it takes the broker to have forgotten its subscription. */
const LONGEST_SILENCE_MS = 1_000;

/** A slot's own subscription to one queue: settling a message brings the next, without a request for it. */
export class FollowedQueue {
  #consumerTag = '';
  #cancelled = false;
  #came: Delivery | undefined;
  #silentMs = 0;
  #wake: () => void = () => undefined;
  /** One for all waits: a timer of its own for each message would cost more than the wait. */
  readonly #overdue: NodeJS.Timeout;

  private constructor(
    private readonly channel: SettlingChannel,
    readonly name: string,
    private readonly waitMs: number,
    private readonly longestSilenceMs: number,
  ) {
    this.#overdue = setTimeout(() => this.#wake(), waitMs);
  }

  /**
   * @param channel one whose subscriptions hold one message each
   * @param waitMs for so long a message is waited for
   */
  static async begin(
    channel: SettlingChannel,
    name: string,
    waitMs: number,
    longestSilenceMs = LONGEST_SILENCE_MS,
  ): Promise<FollowedQueue> {
    const queue = new FollowedQueue(channel, name, waitMs, longestSilenceMs);
    const { consumerTag } = await channel.channel.basicConsume({ queue: name }, (message) => {
      queue.#came = channel.take(message);
      queue.#wake();
    });
    queue.#consumerTag = consumerTag;
    channel.channel.on('basic.cancel', queue.#onCancel);
    return queue;
  }

  /** Not so once the channel was lost or retired, or the broker has cancelled the subscription: as it does when the queue is deleted. */
  get active(): boolean {
    return this.channel.active && !this.#cancelled;
  }

  /**
   * To be called while the queue has messages ready. When none comes all the same, the queue was deleted and made anew in a moment in which the
   * broker overlooks its subscribers: it holds a message for each of them then, which comes back when their channel is closed.
   *
   * @returns the next message, or `undefined` when none has come by then
   */
  async next(): Promise<Delivery | undefined> {
    if (this.#came === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#overdue.refresh();
      });
    }
    const delivery = this.#take();
    this.#silentMs = delivery === undefined ? this.#silentMs + this.waitMs : 0;
    if (this.#silentMs >= this.longestSilenceMs) this.channel.retire();
    return delivery;
  }

  /** @returns a message that has come before the end */
  async end(): Promise<Delivery | undefined> {
    clearTimeout(this.#overdue);
    this.channel.channel.off('basic.cancel', this.#onCancel);
    if (this.channel.channel.active && !this.#cancelled) {
      await this.channel.channel.basicCancel(this.#consumerTag);
      await setImmediate(); // What came before is handed out in this turn of the event loop.
    }
    return this.#take();
  }

  readonly #onCancel = (consumerTag: string): void => {
    if (consumerTag !== this.#consumerTag) return;
    this.#cancelled = true;
    this.channel.channel.off('basic.cancel', this.#onCancel);
  };

  #take(): Delivery | undefined {
    const delivery = this.#came;
    this.#came = undefined;
    return delivery;
  }
}
