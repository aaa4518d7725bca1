import { expect, it } from '@jest/globals';
import { experimentSchema } from './experiment.js';
import { lastSplitChange } from './last-split-change.js';

function definition(share: number, alpha = 0.05) {
  return experimentSchema.parse({
    name: 'tone',
    variants: [
      { name: 'control', share: 1 - share },
      { name: 'terse', share },
    ],
    metrics: [{ name: 'score', kind: 'mean' }],
    alpha,
  });
}

it('is when the shares last changed, whatever else changed later', () => {
  const changes = [
    { at: 1, by: 'ada', before: null, after: definition(0.1) },
    { at: 2, by: 'ada', before: definition(0.1), after: definition(0.5) },
    { at: 3, by: 'ada', before: definition(0.5), after: definition(0.5, 0.01) },
  ];
  expect(lastSplitChange(changes)).toBe(2);
});

it('is the beginning where no change is told', () => expect(lastSplitChange([])).toBe(0));
