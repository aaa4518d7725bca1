import { setImmediate } from 'node:timers/promises';
import type { Delivery } from './settling-channel.js';
import type { SubscriptionChannel } from './subscription-channel.js';

interface Waiting {
  readonly wake: (delivery: Delivery | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * So long a round lasts at most. A queue that is deleted and made anew at once keeps to itself what it then delivers to its former subscribers
 * (RabbitMQ tells neither them nor anybody who looks), until their channel is closed.
 */
const LONGEST_ROUND_MS = 5_000;

/**
 * Waits for work while every queue is empty: subscribed to all of them, until the first message comes. A slot that has work to
 * choose from never subscribes, so no message lies with a worker that is busy with another.
 */
export class IdleSubscription {
  readonly #waiting: Waiting[] = [];
  #round: Promise<void> | undefined;
  #end = (): void => undefined;
  #stopped = false;

  /** @param queues names of those that are there, highest priority first: one that is missing would refuse the round */
  constructor(
    private readonly subscriptions: SubscriptionChannel,
    private readonly queues: () => readonly string[],
    private readonly longestRoundMs = LONGEST_ROUND_MS,
  ) {}

  /**
   * @returns the next message, or `undefined` when it is time to look at the queues again
   * @throws what the broker refused
   */
  next(): Promise<Delivery | undefined> {
    return new Promise((wake, fail) => {
      if (this.#stopped) return wake(undefined);
      this.#waiting.push({ wake, fail });
      this.#round ??= this.#run().then(
        () => this.#endRound(({ wake }) => wake(undefined)),
        (error: unknown) => this.#endRound(({ fail }) => fail(error)),
      );
    });
  }

  /** Lets everybody go who waits. The messages that it has given out can still be acknowledged. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#end();
    await this.#round;
  }

  #endRound(tell: (one: Waiting) => void): void {
    this.#round = undefined;
    for (const one of this.#waiting.splice(0)) tell(one);
  }

  async #run(): Promise<void> {
    const settling = await this.subscriptions.get();
    const { channel } = settling;
    const tags: string[] = [];
    const early: Delivery[] = [];
    let give = (delivery: Delivery): void => void early.push(delivery);
    let first: string | undefined;
    const ended = new Promise<void>((resolve) => {
      this.#end = resolve;
    });
    const end = this.#end;
    channel.once('close', end);
    channel.once('basic.cancel', end); // A queue was deleted: what is made in its place would not be heard of.
    for (const queue of this.queues()) {
      if (first !== undefined || this.#stopped) break;
      const { consumerTag } = await channel.basicConsume({ queue }, (message) => {
        first ??= message.consumerTag;
        give(settling.take(message));
        this.#end();
      });
      tags.push(consumerTag);
    }
    // Not before: a queue that is missing ends the channel, and whatever came by it is delivered again.
    give = (delivery) => this.#give(delivery);
    for (const delivery of early) give(delivery);
    const overdue = setTimeout(end, this.longestRoundMs);
    if (!this.#stopped) await ended;
    clearTimeout(overdue);
    channel.off('close', end);
    channel.off('basic.cancel', end);
    if (!channel.active) return;
    // First the one that delivered: acknowledging that message must not fetch another.
    tags.sort((a, b) => Number(b === first) - Number(a === first));
    for (const consumerTag of tags) await channel.basicCancel(consumerTag);
    await setImmediate(); // What came before the last cancellation is handed out in this turn of the event loop.
    if (first === undefined) settling.retire();
  }

  /** Of messages that come at once by several queues, one that no slot is free for goes back to the head of its queue. */
  #give(delivery: Delivery): void {
    const next = this.#stopped ? undefined : this.#waiting.shift();
    if (next !== undefined) next.wake(delivery);
    else delivery.settle(false);
  }
}
