import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Experiment, experimentSchema } from './experiment.js';
import type { ExperimentStore, Exposure, Observation } from './experiment-store.js';

/** A store under test, and what ends it. */
export interface ExperimentStoreFixture {
  readonly store: ExperimentStore;
  /** @default nothing to close */
  close?(): Promise<void>;
}

const AT = Date.UTC(2026, 0, 1);

function experiment(name: string, changes: Partial<Experiment> = {}): Experiment {
  const variants = [
    { name: 'control', share: 0.5, config: {} },
    {
      name: 'terse',
      share: 0.5,
      config: { systemPrompt: 'Be brief.', topK: 3 },
    },
  ];
  return experimentSchema.parse({ name, variants, metrics: [{ name: 'answer_score', kind: 'mean' }], ...changes });
}

function exposure(unit: string, variant: string, changes: Partial<Exposure> = {}): Exposure {
  return { experiment: 'tone', variant, unit, at: AT, ...changes };
}

function observation(unit: string, value: number, changes: Partial<Observation> = {}): Observation {
  return { experiment: 'tone', unit, metric: 'answer_score', value, at: AT, ...changes };
}

/** What every store of experiments does. `make` gives an empty one. */
export function describeExperimentStore(name: string, make: () => Promise<ExperimentStoreFixture>): void {
  describe(`${name} as an experiment store`, () => {
    let fixture: ExperimentStoreFixture;
    let store: ExperimentStore;
    beforeEach(async () => {
      fixture = await make();
      store = fixture.store;
    });
    afterEach(async () => fixture.close?.());

    it('lists nothing at first', async () => {
      expect(await store.list()).toEqual([]);
    });

    it('gives experiments back whole, ordered by name', async () => {
      await store.put(experiment('tone'), 'ada', AT);
      await store.put(experiment('chunking', { active: false }), 'ada', AT);
      expect(await store.list()).toEqual([experiment('chunking', { active: false }), experiment('tone')]);
    });

    it('replaces an experiment of the same name', async () => {
      await store.put(experiment('tone'), 'ada', AT);
      await store.put(experiment('tone', { active: false, alpha: 0.01 }), 'ada', AT);
      expect(await store.list()).toEqual([experiment('tone', { active: false, alpha: 0.01 })]);
    });

    it('tells every change of an experiment: when, by whom, before and after', async () => {
      await store.put(experiment('tone'), 'ada', AT);
      await store.put(experiment('chunking'), 'ada', AT);
      await store.put(experiment('tone'), 'bob', AT + 1); // changes nothing
      await store.put(experiment('tone', { active: false }), 'grace', AT + 2);
      expect(await store.changes('tone')).toEqual([
        { at: AT, by: 'ada', before: null, after: experiment('tone') },
        { at: AT + 2, by: 'grace', before: experiment('tone'), after: experiment('tone', { active: false }) },
      ]);
    });

    it('keeps every one of several changes at the same time', async () => {
      await store.put(experiment('tone'), 'ada', AT);
      const planned = [100, 200, 300, 400];
      await Promise.all(planned.map((plannedUnits) => store.put(experiment('tone', { plannedUnits }), 'ada', AT)));
      const changes = await store.changes('tone');
      expect(changes).toHaveLength(1 + planned.length);
      for (const [i, { before }] of changes.entries()) expect(before).toEqual(changes[i - 1]?.after ?? null);
    });

    it('counts an outcome that is sent again once, and tells when it was sent differently', async () => {
      await store.expose(exposure('u1', 'control'));
      const outcome = { ...observation('u1', 3), sender: 'u1', id: 'o1' };
      const receipts = await Promise.all(Array.from({ length: 5 }, () => store.recordOutcome(outcome)));
      expect(receipts.filter((receipt) => receipt === 'recorded')).toHaveLength(1);
      expect(receipts.filter((receipt) => receipt === 'repeated')).toHaveLength(4);
      expect(await store.recordOutcome({ ...outcome, value: 4 })).toBe('different');
      expect(await store.recordOutcome({ ...outcome, metric: 'cost_usd' })).toBe('different');
      expect(await store.totals('tone', 'answer_score')).toMatchObject([{ measuredUnits: 1, sum: 3 }]);
      expect(await store.recordOutcome({ ...outcome, unit: 'u2', sender: 'u2' })).toBe('recorded');
      expect(await store.recordOutcome({ ...outcome, id: 'o2', value: 5 })).toBe('recorded');
      expect(await store.totals('tone', 'answer_score')).toMatchObject([{ measuredUnits: 1, sum: 4 }]);
    });

    it("counts an outcome of a user's session once, and of no other session", async () => {
      const outcome = { ...observation('u1/s1', 3), sender: 'u1', id: 'o1' };
      for (const unit of ['u1/s1', 'u1/s2', 'u2/s1']) await store.expose(exposure(unit, 'control'));
      const receipts = await Promise.all([outcome, outcome].map((one) => store.recordOutcome(one)));
      expect(receipts.sort()).toEqual(['recorded', 'repeated']);
      expect(await store.recordOutcome({ ...outcome, unit: 'u1/s2' })).toBe('different');
      expect(await store.recordOutcome({ ...outcome, unit: 'u1' })).toBe('different');
      expect(await store.recordOutcome({ ...outcome, unit: 'u2/s1', sender: 'u2' })).toBe('recorded');
      expect(await store.totals('tone', 'answer_score')).toMatchObject([{ measuredUnits: 2, sum: 6 }]);
    });

    it('takes a forgotten outcome again', async () => {
      const outcome = { ...observation('u1', 3), sender: 'u1', id: 'o1' };
      await store.recordOutcome(outcome);
      await store.forget('u1');
      expect(await store.recordOutcome({ ...outcome, value: 4 })).toBe('recorded');
    });

    it('forgets the units that begin with a prefix, and no other', async () => {
      const units = ['["a","b"]', '["a","b","s1"]', '["a","b","Größe"]', '["a","bc","s1"]', '["a","b-"]'];
      for (const unit of units) await store.expose(exposure(unit, 'control'));
      await store.forget('["a","b"]', '["a","b",');
      const left = await Promise.all(units.map(async (unit) => (await store.exposedVariants(unit)).size));
      expect(left).toEqual([0, 0, 0, 1, 1]);
    });

    it('tells the variants that a unit was exposed to', async () => {
      await store.expose(exposure('u1', 'control'));
      await store.expose(exposure('u1', 'long', { experiment: 'length' }));
      await store.expose(exposure('u2', 'terse'));
      expect(await store.exposedVariants('u1')).toEqual(
        new Map([
          ['tone', 'control'],
          ['length', 'long'],
        ]),
      );
    });

    it('counts exposed units since a time', async () => {
      await store.expose(exposure('u1', 'control'));
      await store.expose(exposure('u2', 'control', { at: AT + 5 }));
      await store.expose(exposure('u3', 'terse', { at: AT + 6 }));
      expect(await store.exposedUnits('tone', AT + 5)).toEqual(
        new Map([
          ['control', 1],
          ['terse', 1],
        ]),
      );
    });

    it('tells the value at a rank among the measured units of a variant', async () => {
      for (const [unit, value] of [
        ['u1', 30],
        ['u2', -1],
        ['u3', 7],
      ] as const) {
        await store.expose(exposure(unit, 'control'));
        await store.observe(observation(unit, value));
      }
      await store.observe(observation('u1', 10)); // 20 on average
      await store.expose(exposure('u4', 'terse'));
      await store.observe(observation('u4', 2));
      const of = { experiment: 'tone', metric: 'answer_score', variant: 'control' };
      expect(await Promise.all([1, 2, 3, 4].map((rank) => store.valueAt(of, rank)))).toEqual([-1, 7, 20, undefined]);
    });

    it('forgets a unit in every experiment, and no other', async () => {
      for (const unit of ['u1', 'u2']) {
        for (const name of ['tone', 'length']) {
          await store.expose(exposure(unit, 'control', { experiment: name }));
          await store.observe(observation(unit, 2, { experiment: name }));
        }
      }
      await store.forget('u1');
      for (const name of ['tone', 'length']) {
        expect(await store.totals(name, 'answer_score')).toMatchObject([
          { variant: 'control', units: 1, measuredUnits: 1 },
        ]);
      }
      expect(await store.expose(exposure('u1', 'terse'))).toBe(true);
      expect(await store.expose(exposure('u2', 'terse'))).toBe(false);
    });

    it('tells the first exposure of a unit from later ones, in each experiment', async () => {
      expect(await store.expose(exposure('u1', 'control'))).toBe(true);
      expect(await store.expose(exposure('u1', 'control', { at: AT + 1 }))).toBe(false);
      expect(await store.expose(exposure('u2', 'control'))).toBe(true);
      expect(await store.expose(exposure('u1', 'control', { experiment: 'chunking' }))).toBe(true);
    });

    it('keeps the first variant of a unit when another is reported later', async () => {
      await store.expose(exposure('u1', 'control'));
      expect(await store.expose(exposure('u1', 'terse'))).toBe(false);
      expect((await store.totals('tone', 'answer_score')).map(({ variant, units }) => [variant, units])).toEqual([
        ['control', 1],
      ]);
    });

    it('counts a unit once when it is exposed by several callers at the same time', async () => {
      const firsts = await Promise.all(Array.from({ length: 10 }, () => store.expose(exposure('u1', 'control'))));
      expect(firsts.filter(Boolean)).toHaveLength(1);
      expect(await store.totals('tone', 'answer_score')).toMatchObject([{ variant: 'control', units: 1 }]);
    });

    it('adds up a metric by variant, ordered by variant, with exposed units that were not measured', async () => {
      for (const unit of ['t1', 't2', 't3']) await store.expose(exposure(unit, 'terse'));
      for (const unit of ['c1', 'c2']) await store.expose(exposure(unit, 'control'));
      for (const [unit, value] of [
        ['t1', 1],
        ['t2', 4],
        ['c1', -2.5],
      ] as const)
        await store.observe(observation(unit, value));
      expect(await store.totals('tone', 'answer_score')).toEqual([
        { variant: 'control', units: 2, measuredUnits: 1, successes: 0, sum: -2.5, sumOfSquares: 6.25 },
        { variant: 'terse', units: 3, measuredUnits: 2, successes: 2, sum: 5, sumOfSquares: 17 },
      ]);
    });

    it('counts a unit that was measured several times once, by the mean of its values', async () => {
      await store.expose(exposure('u1', 'control'));
      for (const value of [1, 2, 6]) await store.observe(observation('u1', value));
      expect(await store.totals('tone', 'answer_score')).toEqual([
        { variant: 'control', units: 1, measuredUnits: 1, successes: 1, sum: 3, sumOfSquares: 9 },
      ]);
    });

    it('keeps metrics and experiments apart', async () => {
      await store.expose(exposure('u1', 'control'));
      await store.expose(exposure('u1', 'terse', { experiment: 'chunking' }));
      await store.observe(observation('u1', 5));
      await store.observe(observation('u1', 7, { metric: 'cost_usd' }));
      await store.observe(observation('u1', 11, { experiment: 'chunking' }));
      const sums = async (name: string, metric: string) =>
        (await store.totals(name, metric)).map(({ variant, sum }) => [variant, sum]);
      expect(await sums('tone', 'answer_score')).toEqual([['control', 5]]);
      expect(await sums('tone', 'cost_usd')).toEqual([['control', 7]]);
      expect(await sums('chunking', 'answer_score')).toEqual([['terse', 11]]);
    });

    it('leaves values of a unit that was never exposed out of the totals', async () => {
      await store.expose(exposure('u1', 'control'));
      await store.observe(observation('stranger', 1000));
      expect(await store.totals('tone', 'answer_score')).toEqual([
        { variant: 'control', units: 1, measuredUnits: 0, successes: 0, sum: 0, sumOfSquares: 0 },
      ]);
    });

    it('takes what was measured of a unit before its exposure for prior, and pairs it with what came after', async () => {
      for (const [unit, value] of [
        ['c1', 2],
        ['c1', 4],
        ['t1', 10],
        ['never', 99],
      ] as const)
        await store.observe(observation(unit, value));
      await store.expose(exposure('c1', 'control'));
      await store.expose(exposure('c2', 'control'));
      await store.expose(exposure('t1', 'terse'));
      expect(await store.totals('tone', 'answer_score')).toMatchObject([
        { variant: 'control', units: 2, measuredUnits: 0, sum: 0 },
        { variant: 'terse', units: 1, measuredUnits: 0, sum: 0 },
      ]);
      expect(await store.priors('tone', 'answer_score')).toEqual([]);
      for (const [unit, value] of [
        ['c1', 5],
        ['c1', 7],
        ['c2', 1],
        ['t1', 3],
      ] as const)
        await store.observe(observation(unit, value));
      expect(await store.totals('tone', 'answer_score')).toMatchObject([
        { variant: 'control', measuredUnits: 2, sum: 7, sumOfSquares: 37 },
        { variant: 'terse', measuredUnits: 1, sum: 3 },
      ]);
      expect(await store.priors('tone', 'answer_score')).toEqual([
        { variant: 'control', units: 1, sum: 3, sumOfSquares: 9, sumOfProducts: 18, sumAfter: 6 },
        { variant: 'terse', units: 1, sum: 10, sumOfSquares: 100, sumOfProducts: 30, sumAfter: 3 },
      ]);
      expect(
        await store.valueAt({ experiment: 'tone', metric: 'answer_score', variant: 'control' }, 3),
      ).toBeUndefined();
    });

    it('has no totals for an experiment that nobody was exposed to', async () => {
      await store.put(experiment('tone'), 'ada', AT);
      expect(await store.totals('tone', 'answer_score')).toEqual([]);
    });

    it('takes any text as a unit', async () => {
      const unit = `o'Brien; -- "Größe" \u{1F600} ${'x'.repeat(200)}`;
      expect(await store.expose(exposure(unit, 'control'))).toBe(true);
      await store.observe(observation(unit, 2));
      expect(await store.totals('tone', 'answer_score')).toMatchObject([{ measuredUnits: 1, sum: 2 }]);
    });
  });
}
