import { expect, it } from '@jest/globals';
import { repeat } from './repeat.js';

/** Runs that end when the test says so, and timers that never fire. */
function setUp() {
  const world = { planned: [] as number[], started: 0, finish: () => {} };
  const repetition = repeat(
    () => {
      world.started++;
      return new Promise<number>((resolve) => {
        world.finish = () => resolve(1000);
      });
    },
    {
      after: (delayMs) => {
        world.planned.push(delayMs);
        return () => world.planned.pop();
      },
    },
  );
  const ended = async () => {
    world.finish();
    // One turn for the run, one for what follows it.
    await Promise.resolve();
    await Promise.resolve();
  };
  return { world, repetition, ended };
}

it('waits for the run in hand when it is stopped, and plans no other', async () => {
  const { world, repetition, ended } = setUp();
  const stopped = repetition.stop();
  await ended();
  await stopped;
  expect([world.started, world.planned]).toEqual([1, []]);
});

it('runs at once when it is hurried, and again after the run in hand', async () => {
  const { world, repetition, ended } = setUp();
  repetition.hurry();
  expect(world.started).toBe(1);
  await ended();
  expect([world.started, world.planned]).toEqual([2, []]);
  await ended();
  expect([world.started, world.planned]).toEqual([2, [1000]]);
  repetition.hurry();
  expect([world.started, world.planned]).toEqual([3, []]);
});
