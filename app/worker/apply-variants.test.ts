import { expect, it } from '@jest/globals';
import { applyVariants } from './apply-variants.js';

const depth = { experiment: 'depth', variant: 'control', config: {}, varies: ['topK'] };
const deeper = { experiment: 'deeper', variant: 'ten', config: { topK: 10 }, varies: ['topK', 'systemPrompt'] };
const model = { experiment: 'model', variant: 'small', config: { model: 'small' }, varies: ['model'] };
const nothing = { experiment: 'same', variant: 'b', config: {}, varies: [] };

it('uses experiments that vary different things together', () => {
  expect(applyVariants([depth, model, nothing], [])).toEqual({
    used: [depth, model, nothing],
    config: { model: 'small' },
  });
});

it('leaves out an experiment on what another varies already, even for its control', () => {
  expect(applyVariants([depth, deeper], [])).toEqual({ used: [depth], config: {} });
});

it('leaves out an experiment on what the message settles itself', () => {
  expect(applyVariants([model, depth], ['model'])).toEqual({ used: [depth], config: {} });
});
