import { expect, it } from '@jest/globals';
import { assignVariant } from './assign.js';
import { experimentSchema } from './experiment.js';
import { isOpenTo, layerProblem } from './layer.js';
import { compareProportions } from './two-proportions.js';

const UNITS = Array.from({ length: 5_000 }, (_, i) => `user-${i}`);
const NOBODY: ReadonlyMap<string, string> = new Map();

function experiment(name: string, layer?: { name: string; from: number; to: number }, own: object = {}) {
  const variants = ['a', 'b'].map((variant) => ({ name: variant, share: 0.5 }));
  return experimentSchema.parse({ name, layer, variants, metrics: [{ name: 'score', kind: 'mean' }], ...own });
}

const tone = experiment('tone', { name: 'answers', from: 0, to: 0.3 });
const model = experiment('model', { name: 'answers', from: 0.3, to: 0.8 });
const page = experiment('page', { name: 'console', from: 0, to: 0.5 });
const running = [tone, model, page];

const open = (of: typeof tone, among: readonly (typeof tone)[] = running) =>
  UNITS.filter((unit) => isOpenTo(of, unit, NOBODY, among));

it('has no unit in two experiments of a layer, and in each the part that was stated', () => {
  const [inTone, inModel] = [open(tone), open(model)];
  expect(new Set([...inTone, ...inModel]).size).toBe(inTone.length + inModel.length);
  const tolerance = (share: number) => 4 * Math.sqrt((share * (1 - share)) / UNITS.length);
  expect(Math.abs(inTone.length / UNITS.length - 0.3)).toBeLessThan(tolerance(0.3));
  expect(Math.abs(inModel.length / UNITS.length - 0.5)).toBeLessThan(tolerance(0.5));
});

it('is independent between layers, and of the variants within an experiment', () => {
  const [inTone, inPage] = [new Set(open(tone)), new Set(open(page))];
  const share = (of: readonly string[], is: (unit: string) => boolean) => ({
    units: of.length,
    successes: of.filter(is).length,
  });
  const [inside, outside] = [[...inTone], UNITS.filter((unit) => !inTone.has(unit))];
  const isInPage = (unit: string) => inPage.has(unit);
  expect(compareProportions(share(inside, isInPage), share(outside, isInPage), 0.05).pValue).toBeGreaterThan(1e-4);
  const isA = (unit: string) => assignVariant(tone, unit).name === 'a';
  expect(compareProportions(share(inside, isA), share(outside, isA), 0.05).pValue).toBeGreaterThan(1e-4);
});

it('moves nobody when an experiment is added to what was free, or grows into it', () => {
  const added = experiment('length', { name: 'answers', from: 0.8, to: 0.9 });
  const grown = experiment('model', { name: 'answers', from: 0.3, to: 1 });
  expect(open(tone, [...running, added])).toEqual(open(tone));
  expect(open(model, [...running, added])).toEqual(open(model));
  expect(open(tone, [tone, grown])).toEqual(open(tone));
  const inGrown = new Set(open(grown, [tone, grown]));
  expect(open(model).filter((unit) => !inGrown.has(unit))).toEqual([]);
});

it('keeps a unit where it has been exposed while that runs, whatever part it has come to have, and lets it go afterwards', () => {
  const [unit = ''] = open(model);
  const exposed = new Map([['tone', 'a']]);
  expect([isOpenTo(tone, unit, exposed, running), isOpenTo(model, unit, exposed, running)]).toEqual([true, false]);
  const others = [model, page];
  expect(isOpenTo(model, unit, exposed, others)).toBe(true);
});

it('is open to all without a layer', () => {
  expect(open(experiment('free'))).toEqual(UNITS);
});

it('refuses parts that overlap and units of two kinds in one layer, of experiments that run', () => {
  const wide = experiment('wide', { name: 'answers', from: 0.2, to: 0.4 });
  expect(layerProblem(wide, running)).toBe(
    'its part of the layer "answers", 0.2 to 0.4, overlaps that of "tone", 0 to 0.3.',
  );
  const sessions = experiment('length', { name: 'answers', from: 0.8, to: 1 }, { unit: 'session' });
  expect(layerProblem(sessions, running)).toMatch(
    /^"tone" is in the layer "answers" too and counts users, not sessions/,
  );
  expect(layerProblem(wide, [page, { ...tone, active: false }])).toBeUndefined();
  expect(layerProblem(tone, running)).toBeUndefined();
  expect(() => experiment('none', { name: 'answers', from: 0.4, to: 0.4 })).toThrow('from is below to');
});
