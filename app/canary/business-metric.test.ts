import { expect, it } from '@jest/globals';
import { businessTally, meanOfShare, shareOfMean } from './business-metric.js';
import { isBeyond, logEvidence } from './proportion-evidence.js';
import { seededRandom } from './seeded-random.fixture.js';

const COST = { values: 'cost_total', answers: 'answers_total', harm: 'increase', limit: 0.02, largest: 0.1 } as const;
const SCORE = { ...COST, harm: 'decrease', limit: 0.7, largest: 1 } as const;

it('counts what an answer costs, or lacks, in parts of the most', () => {
  expect(businessTally(10, 0.5, COST)).toEqual({ trials: 10, hits: 5 });
  expect(businessTally(10, 8, SCORE)).toEqual({ trials: 10, hits: 2 });
  expect(businessTally(10, 99, COST)).toEqual({ trials: 10, hits: 10 });
  for (const metric of [COST, SCORE])
    expect(meanOfShare(shareOfMean(metric.limit, metric), metric)).toBeCloseTo(metric.limit, 12);
});

it('is worth no more evidence than bets on each single value would have gained, whatever the values are', () => {
  const random = seededRandom(3);
  for (let run = 0; run < 200; run++) {
    const values = Array.from({ length: 50 }, () => random() ** (1 + 4 * random()));
    const share = 0.05 + 0.9 * random();
    const sum = values.reduce((total, value) => total + value, 0);
    const stakes = Array.from({ length: 20 }, (_, k) => 2 ** (-(k + 1) / 2));
    const capitals = stakes.map((stake) => values.reduce((capital, x) => capital * (1 + stake * (x / share - 1)), 1));
    const each = Math.log(capitals.reduce((total, one) => total + one, 0) / stakes.length);
    expect(logEvidence({ trials: values.length, hits: sum }, share)).toBeLessThanOrEqual(each + 1e-9);
  }
});

it('rejects a mean that is at its limit in at most alpha of all runs, though it looks after every answer', () => {
  const random = seededRandom(4);
  // The worst case for the error: every value is 0 or the largest.
  const isRejected = () => {
    let total = 0;
    for (let answers = 1; answers <= 300; answers++) {
      if (random() >= shareOfMean(COST.limit, COST)) continue;
      total += COST.largest;
      if (isBeyond(businessTally(answers, total, COST), shareOfMean(COST.limit, COST), 0.1)) return true;
    }
    return false;
  };
  const rejected = Array.from({ length: 400 }, isRejected).filter(Boolean).length;
  expect(rejected / 400).toBeGreaterThan(0.005);
  expect(rejected / 400).toBeLessThan(0.1);
});
