import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Channel } from 'rabbitmq-client';
import { type Delivery, SettlingChannel } from './settling-channel.js';

/** The broker's end of a channel, as far as it has to do with settling: it refuses what is not in hand, as RabbitMQ does. */
class BrokerEnd extends EventEmitter {
  active = true;
  requests = 0;
  readonly acknowledged = new Set<number>();
  readonly givenBack = new Set<number>();
  readonly #inHand = new Set<number>();
  #tags = 0;

  deliver() {
    this.#tags += 1;
    this.#inHand.add(this.#tags);
    return { deliveryTag: this.#tags, body: {} };
  }

  basicAck({ deliveryTag, multiple = false }: { deliveryTag: number; multiple?: boolean }): void {
    this.requests += 1;
    for (const tag of multiple ? [...this.#inHand].filter((one) => one < deliveryTag) : []) {
      this.#inHand.delete(tag);
      this.acknowledged.add(tag);
    }
    this.#settle(deliveryTag, this.acknowledged);
  }

  basicNack({ deliveryTag }: { deliveryTag: number }): void {
    this.requests += 1;
    this.#settle(deliveryTag, this.givenBack);
  }

  async close(): Promise<void> {
    this.active = false;
  }

  #settle(deliveryTag: number, as: Set<number>): void {
    if (!this.#inHand.delete(deliveryTag)) throw new Error(`unknown delivery tag ${deliveryTag}`);
    as.add(deliveryTag);
  }
}

function settlingOver(broker: BrokerEnd): SettlingChannel {
  return new SettlingChannel(broker as unknown as Channel);
}

describe('a channel that settles what has come by it', () => {
  it('acknowledges what is done in one turn together, and never what is still in hand', async () => {
    const broker = new BrokerEnd();
    const settling = settlingOver(broker);
    const [first, second, third, fourth] = Array.from({ length: 4 }, () => settling.take(broker.deliver()));
    second?.settle(true);
    third?.settle(true);
    await setImmediate();
    expect([[...broker.acknowledged], broker.requests]).toEqual([[2, 3], 2]);
    const fifth = settling.take(broker.deliver());
    fourth?.settle(true);
    first?.settle(true);
    await setImmediate();
    expect([[...broker.acknowledged], broker.requests]).toEqual([[2, 3, 1, 4], 3]);
    fifth?.settle(true);
    expect([...broker.acknowledged]).toContain(5); // At once: nothing else is in hand that could go with it.
  });

  it('settles each message as it was told to, in whatever order and turns', async () => {
    const step = fc.record({ pick: fc.nat(), done: fc.boolean(), takes: fc.nat(3), turn: fc.boolean() });
    const property = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const broker = new BrokerEnd();
      const settling = settlingOver(broker);
      const inHand: [number, Delivery][] = [];
      const told = { done: new Set<number>(), back: new Set<number>() };
      for (const { pick, done, takes, turn } of steps) {
        for (let i = 0; i < takes; i += 1) {
          const message = broker.deliver();
          inHand.push([message.deliveryTag, settling.take(message)]);
        }
        const [one] = inHand.splice(pick % Math.max(inHand.length, 1), 1);
        if (one === undefined) continue;
        const [tag, delivery] = one;
        delivery.settle(done);
        (done ? told.done : told.back).add(tag);
        if (turn) await setImmediate();
      }
      await setImmediate();
      expect([broker.acknowledged, broker.givenBack]).toEqual([told.done, told.back]);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('settles nothing once it was lost: the broker has it back', async () => {
    const broker = new BrokerEnd();
    const settling = settlingOver(broker);
    const [done, failed] = [settling.take(broker.deliver()), settling.take(broker.deliver())];
    expect(done.inHand).toBe(true);
    broker.active = false;
    done.settle(true);
    failed.settle(false);
    await setImmediate();
    expect([done.inHand, broker.requests]).toEqual([false, 0]);
  });

  it('closes when it is retired and nothing is in hand any more', async () => {
    const broker = new BrokerEnd();
    const settling = settlingOver(broker);
    const [one, other] = [settling.take(broker.deliver()), settling.take(broker.deliver())];
    settling.retire();
    one.settle(true);
    await setImmediate();
    expect([settling.active, broker.active, [...broker.acknowledged]]).toEqual([false, true, [1]]);
    other.settle(true);
    await setImmediate();
    expect([broker.active, [...broker.acknowledged]]).toEqual([false, [1, 2]]);

    const idle = new BrokerEnd();
    settlingOver(idle).retire();
    expect(idle.active).toBe(false);
  });
});
