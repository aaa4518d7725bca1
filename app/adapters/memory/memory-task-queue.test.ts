import { describe, expect, it } from '@jest/globals';
import { ManualTime } from '../../../test/support/manual-time.js';
import { sampleTask } from '../../../test/support/sample-task.js';
import { until } from '../../../test/support/until.js';
import { describeTaskQueue } from '../../queue/task-queue.conformance.js';
import { MemoryTaskQueue } from './memory-task-queue.js';

describeTaskQueue('the queue in memory', async () => {
  const time = new ManualTime();
  return { queue: new MemoryTaskQueue({ timers: time }), elapse: async (seconds) => time.advance(seconds * 1000) };
});

describe('the queue in memory', () => {
  it('retries at the end of the delay and not a millisecond earlier', async () => {
    const time = new ManualTime();
    const queue = new MemoryTaskQueue({ timers: time });
    const attempts: number[] = [];
    await queue.publish(sampleTask());
    await queue.consume(1, async ({ attempt }) => {
      attempts.push(attempt);
      return attempt === 0 ? { outcome: 'retry', delaySeconds: 60 } : { outcome: 'done' };
    });
    await until('the retry waits', () => time.pending === 1);
    time.advance(59_999);
    expect(time.pending).toBe(1);
    time.advance(1);
    await until('the retry is made', () => attempts.length === 2);
  });

  it('leaves no timer behind when it is closed', async () => {
    const time = new ManualTime();
    const queue = new MemoryTaskQueue({ timers: time });
    await queue.publish(sampleTask());
    await queue.consume(1, async () => ({ outcome: 'retry', delaySeconds: 60 }));
    await until('the retry waits', () => time.pending === 1);
    await queue.close();
    expect(time.pending).toBe(0);
  });

  it('returns from publishing before a handler runs', async () => {
    const queue = new MemoryTaskQueue({ timers: new ManualTime() });
    let running = false;
    await queue.consume(1, async () => {
      running = true;
      return { outcome: 'done' };
    });
    const publishing = queue.publish(sampleTask());
    expect(running).toBe(false);
    await publishing;
    await until('the handler has run', () => running);
  });
});
