import { describe, expect, it } from '@jest/globals';
import { tasks } from '../../../contract/index.js';
import { sampleTask } from '../../../test/support/sample-task.js';
import type { Outcome } from '../../queue/task-queue.js';
import { TaskPublisher } from './task-publisher.js';

const refused = new Error('The broker takes nothing now.');
const [delaySeconds = 0] = tasks.retryDelaysSeconds;

/** @returns how often an outcome was sent to a broker that refuses it the first time, and what came of it */
async function passOn(outcome: Outcome, { inHand }: { readonly inHand: boolean }) {
  let sent = 0;
  const publisher = new TaskPublisher({
    publisher: {
      send: async () => {
        sent += 1;
        if (sent === 1) throw refused;
      },
    },
    topology: tasks,
    restore: async () => undefined,
    onError: () => undefined,
  });
  const holding = { inHand: () => inHand, stopping: new AbortController().signal };
  const thrown: unknown = await publisher.passOn(sampleTask(), outcome, holding).catch((error: unknown) => error);
  return { sent, thrown };
}

describe('an outcome that the broker does not take', () => {
  it.each([
    ['no more once the broker has the message of a retry back', { outcome: 'retry', delaySeconds }, false, 1],
    ['again while the message of a retry is in hand', { outcome: 'retry', delaySeconds }, true, 2],
    ['again though the broker has the message of a dead letter back', { outcome: 'dead', reason: 'x' }, false, 2],
  ] as const)('is told %s', async (_, outcome, inHand, times) => {
    const { sent, thrown } = await passOn(outcome, { inHand });
    expect([sent, thrown]).toEqual([times, times === 1 ? refused : undefined]);
  });

  it('is told at all only where there is a queue for its delay', async () => {
    const { sent, thrown } = await passOn({ outcome: 'later', delaySeconds: 0.5 }, { inHand: true });
    expect(sent).toBe(0);
    expect(String(thrown)).toContain('No queue delays a retry by 0.5 s');
  });
});
