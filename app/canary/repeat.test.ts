import { expect, it } from '@jest/globals';
import { repeat } from './repeat.js';

it('waits for the run in hand when it is stopped, and plans no other', async () => {
  let finish: () => void = () => undefined;
  let finished = false;
  let planned = 0;
  const work = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const run = () =>
    work.then(() => {
      finished = true;
    });
  const repetition = repeat(run, 1000, {
    after: () => {
      planned++;
      return () => undefined;
    },
  });
  const stopped = repetition.stop();
  finish();
  await stopped;
  expect([finished, planned]).toEqual([true, 0]);
});
