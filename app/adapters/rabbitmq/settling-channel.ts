import type { Channel, SyncMessage } from 'rabbitmq-client';

/** A message in hand. */
export interface Delivery {
  readonly message: Pick<SyncMessage, 'body' | 'headers'>;
  /** Not so once its channel was lost: the broker has taken the message back then, and delivers it again. */
  readonly inHand: boolean;
  /** To be called once. @param done acknowledge the message; else it goes back to its queue */
  settle(done: boolean): void;
}

/**
 * A channel that knows what is in hand of all that came by it. What is done in one turn of the event loop is acknowledged
 * together where nothing older is in hand: that is one packet, and one request to the broker.
 */
export class SettlingChannel {
  /** Every message up to this one is settled. A broker numbers what it delivers by a channel from 1 on. */
  #settledTo = 0;
  /** What else is settled. */
  readonly #settled = new Set<number>();
  readonly #toAcknowledge = new Set<number>();
  #endOfTurn: NodeJS.Immediate | undefined;
  #inHand = 0;
  #retired = false;

  constructor(readonly channel: Channel) {}

  /** Not so once it was lost, or is to be used no more. */
  get active(): boolean {
    return this.channel.active && !this.#retired;
  }

  /** @param message that has just come by this channel */
  take(message: Delivery['message'] & Pick<SyncMessage, 'deliveryTag'>): Delivery {
    const { channel } = this;
    this.#inHand += 1;
    return {
      message,
      get inHand() {
        return channel.active;
      },
      settle: (done) => this.#settle(message.deliveryTag, done),
    };
  }

  /** Is to be used no more: it closes once nothing is in hand, and the broker then has back whatever it has not delivered. */
  retire(): void {
    this.#retired = true;
    if (this.#inHand === 0) void this.close();
  }

  async close(): Promise<void> {
    this.#acknowledge();
    await this.channel.close();
  }

  #settle(deliveryTag: number, done: boolean): void {
    this.#inHand -= 1;
    if (done) this.#toAcknowledge.add(deliveryTag);
    else {
      this.#settled.add(deliveryTag);
      if (this.channel.active) this.channel.basicNack({ deliveryTag, requeue: true });
    }
    if (this.#inHand > 0) this.#endOfTurn ??= setImmediate(() => this.#acknowledge());
    else if (this.#retired) void this.close();
    else this.#acknowledge();
  }

  #acknowledge(): void {
    clearImmediate(this.#endOfTurn);
    this.#endOfTurn = undefined;
    if (!this.channel.active) return;
    const together: number[] = [];
    for (let next = this.#settledTo + 1; ; next += 1) {
      if (this.#toAcknowledge.delete(next)) together.push(next);
      else if (!this.#settled.delete(next)) break;
      this.#settledTo = next;
    }
    const last = together.at(-1);
    if (last !== undefined) this.channel.basicAck({ deliveryTag: last, multiple: together.length > 1 });
    for (const deliveryTag of this.#toAcknowledge) {
      this.channel.basicAck({ deliveryTag });
      this.#settled.add(deliveryTag);
    }
    this.#toAcknowledge.clear();
  }
}
