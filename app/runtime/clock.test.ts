import { expect, it } from '@jest/globals';
import { steady } from './clock.js';

it('goes on by the time that has passed when the wall clock is set', () => {
  let wallMs = Date.UTC(2026, 0, 1);
  const clock = steady(() => wallMs);
  const before = clock();
  expect(before).toBeGreaterThanOrEqual(wallMs);
  for (const hours of [-1, 2]) {
    wallMs += hours * 3_600_000;
    expect(Math.abs(clock() - before)).toBeLessThan(60_000);
    expect(clock()).toBeGreaterThanOrEqual(before);
  }
});
