import { describe, expect, it } from '@jest/globals';
import { worker } from '../../contract/index.js';
import { ManualTime } from '../../test/support/manual-time.js';
import { testOptions } from '../runtime/service.fixture.js';
import { StartedConsumer } from './started-consumer.js';

describe('a consumer that is being started', () => {
  /** Starts when told, and counts. */
  function make() {
    const state = { started: 0, stopped: 0, answer: (_error?: Error): void => undefined };
    const consumer = new StartedConsumer({
      start: async () => {
        await new Promise<void>((resolve, reject) => {
          state.answer = (error) => (error === undefined ? resolve() : reject(error));
        });
        state.started += 1;
        return {
          stop: async () => {
            state.stopped += 1;
          },
        };
      },
      timers: new ManualTime(),
      logger: testOptions(worker).logger,
    });
    return { state, consumer };
  }

  // The worker once ended before, and its consumer went on in a process that was taken to be gone.
  it('is stopped although it comes to run after it was told to stop', async () => {
    const { state, consumer } = make();
    consumer.begin();
    const stopped = consumer.stop();
    let ended = false;
    void stopped.then(() => {
      ended = true;
    });
    await Promise.resolve();
    expect([ended, state.started]).toEqual([false, 0]);
    state.answer();
    await stopped;
    expect([state.started, state.stopped]).toEqual([1, 1]);
  });

  it('is not tried again when the start that was under way fails', async () => {
    const { state, consumer } = make();
    consumer.begin();
    const stopped = consumer.stop();
    state.answer(new Error('Command timed out'));
    await stopped;
    expect([state.started, state.stopped]).toEqual([0, 0]);
  });
});
