import { expect, it } from '@jest/globals';
import { describeLimits } from './describe-limits.js';

it('tells every limit and how it stands, as structured fields', () => {
  const standings = {
    window: { quota: 10, remaining: 9, resetAfterSeconds: 60 },
    bucket: { quota: 50, remaining: 49, resetAfterSeconds: 1 },
    tokens: { quota: 20_000, remaining: 18_900, resetAfterSeconds: 4 },
  };
  expect(describeLimits(standings, 'free')).toEqual({
    limits: '"window";r=9;t=60, "bucket";r=49;t=1, "tokens";r=18900;t=4',
    policies: '"window";q=10;w=60, "bucket";q=50;w=5, "tokens";q=20000;qu="tokens";w=60',
  });
});
