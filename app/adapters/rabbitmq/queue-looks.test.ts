import { describe, expect, it } from '@jest/globals';
import { AMQPChannelError } from 'rabbitmq-client';
import { type TaskPriority, tasks } from '../../../contract/index.js';
import { until } from '../../../test/support/until.js';
import { QueueLooks, TOLD_AGAIN_MS } from './queue-looks.js';

/** A broker that answers when the test says so, at a time that the test says. */
function slowBroker() {
  let now = 0;
  const ready: Partial<Record<string, number>> = {};
  const asked: (() => void)[] = [];
  const seen = new Map<TaskPriority, number>();
  const missing: string[] = [];
  const looks = new QueueLooks({
    connection: {
      queueDeclare: async (request = {}) => {
        const { queue = '' } = request as { queue?: string };
        const messageCount = ready[queue]; // as it is when the broker is asked
        await new Promise<void>((answer) => asked.push(answer));
        if (messageCount === undefined)
          throw Object.assign(new AMQPChannelError(), { code: 'NOT_FOUND', message: `no queue '${queue}'` });
        return { queue, messageCount, consumerCount: 0 };
      },
    },
    queues: tasks.queues,
    saw: (priority, count) => seen.set(priority, count),
    onMissing: ({ message }) => missing.push(message),
    now: () => now,
  });
  return {
    looks,
    ready,
    seen,
    missing,
    asked,
    pass: (ms: number) => {
      now += ms;
    },
    /** Answers so many requests, one after the other. */
    answer: async (requests: number) => {
      for (let i = 0; i < requests; i += 1) {
        await until('the broker is asked', () => asked.length > 0);
        asked.shift()?.();
      }
    },
  };
}

const [high = '', normal = '', low = ''] = tasks.queues.map(({ name }) => name);

describe('looks at the queues', () => {
  it('are shared, waited for when they are overdue, and taken as they are while they are new', async () => {
    const { looks, ready, seen, asked, pass, answer } = slowBroker();
    Object.assign(ready, { [high]: 1, [normal]: 2, [low]: 3 });
    const both = Promise.all([looks.renew(), looks.renew()]);
    await answer(3);
    await both;
    expect(Object.fromEntries(seen)).toEqual({ high: 1, normal: 2, low: 3 });
    pass(9);
    await looks.renew();
    expect(asked).toHaveLength(0);
    pass(6);
    await looks.renew(); // It looks again, and does not wait.
    expect(asked).toHaveLength(1);
    await answer(3);
  });

  it('tell of nobody’s past: who comes while a slow one is under way waits for another that is begun then', async () => {
    const { looks, ready, seen, pass, answer, asked } = slowBroker();
    Object.assign(ready, { [high]: 0, [normal]: 200, [low]: 0 });
    const early = looks.renew();
    await until('the first look is under way', () => asked.length === 1);
    pass(100);
    ready[high] = 1;
    let known = false;
    const late = looks.renew().then(() => {
      known = true;
    });
    await answer(3);
    await early;
    expect([known, seen.get('high')]).toEqual([false, 0]);
    await answer(3);
    await late;
    expect(seen.get('high')).toBe(1);
  });

  it('see the other queues while one is missing, and tell of it once in a while', async () => {
    const { looks, ready, seen, missing, pass, answer } = slowBroker();
    Object.assign(ready, { [high]: 4, [normal]: 5 });
    const told: number[] = [];
    for (const waitMs of [0, 50, TOLD_AGAIN_MS]) {
      pass(waitMs);
      const renewed = looks.renew();
      await answer(3);
      await renewed;
      told.push(missing.length);
    }
    expect(Object.fromEntries(seen)).toEqual({ high: 4, normal: 5, low: 0 });
    // Told only once, it was never made anew where the one attempt to make it failed.
    expect(told).toEqual([1, 1, 2]);
    expect(missing[0]).toBe(`no queue '${low}'`);
  });
});
