import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { Kysely } from 'kysely';
import type * as z from 'zod';
import { ANSWER_SCORE, type ExperimentResults, orchestrator, orchestratorApi } from '../../../contract/index.js';
import { ManualTime } from '../../../test/support/manual-time.js';
import { IN_MEMORY, openDatabase } from '../../adapters/sql/database.js';
import type { Schema } from '../../adapters/sql/schema.js';
import { SqlExperimentStore } from '../../adapters/sql/sql-experiment-store.js';
import { experimentSchema } from '../../experiments/experiment.js';
import { buildServer } from '../../runtime/server.js';
import { ada, bob, inject, testOptions } from '../../runtime/service.fixture.js';
import { addExperimentRoutes } from './experiment-routes.js';

type MetricResult = ExperimentResults['metrics'][number];

const definition = {
  name: 'tone',
  variants: [
    { name: 'control', share: 0.5 },
    { name: 'terse', share: 0.5, config: { systemPrompt: 'Be brief.' } },
  ],
  metrics: [
    { name: 'liked', kind: 'proportion' },
    { name: 'minutes', kind: 'mean' },
    { name: 'latency', kind: 'quantile', level: 0.9 },
  ],
  guardrails: [{ metric: { name: 'cost', kind: 'mean' }, harm: 'increase', tolerated: 0.1 }],
  plannedUnits: 400,
} as const;

describe('experiments over HTTP', () => {
  let db: Kysely<Schema>;
  let store: SqlExperimentStore;
  let app: FastifyInstance;
  const time = new ManualTime();

  const put = (changes: object = {}) =>
    store.put(experimentSchema.parse({ ...definition, ...changes }), 'ada', time.clock());
  const variantOf = async (session?: string) =>
    (await inject(app, orchestratorApi.assign, { body: session ? { session } : {} })).body.assignments[0]?.variant;
  const report = (body: z.input<typeof orchestratorApi.recordOutcome.body>, as = ada, id = 'tone') =>
    inject(app, orchestratorApi.recordOutcome, { params: { id }, body }, as);
  const results = async () => (await inject(app, orchestratorApi.results, { params: { id: 'tone' } })).body;

  beforeEach(async () => {
    db = await openDatabase({ path: IN_MEMORY });
    store = new SqlExperimentStore(db);
    const options = testOptions(orchestrator);
    app = buildServer(options);
    addExperimentRoutes(app, { experiments: store, clock: time.clock }, options);
  });
  afterEach(async () => {
    await app.close();
    await db.destroy();
  });

  it('keeps whoever has seen a variant in it when the split changes, and only them', async () => {
    await put();
    const seen = await variantOf();
    const other = seen === 'control' ? 'terse' : 'control';
    const shares = [seen, other].map((name) => ({ name, share: name === seen ? 0.001 : 0.999 }));
    await put({ variants: shares });
    expect(await variantOf()).toBe(other); // it was assigned, and not exposed
    await inject(app, orchestratorApi.expose, { body: { variants: [{ experiment: 'tone', variant: other }] } });
    await put({ variants: shares.map(({ name, share }) => ({ name, share: 1 - share })) });
    expect(await variantOf()).toBe(other);
    await put({ variants: shares.map(({ name }) => ({ name, share: name === seen ? 1 : 0 })) });
    expect(await variantOf()).toBe(seen); // a variant without a share is over for everybody
  });

  it('counts an exposure once, and none of a variant that is not there', async () => {
    await put();
    const expose = async (variant: string) =>
      (await inject(app, orchestratorApi.expose, { body: { variants: [{ experiment: 'tone', variant }] } })).body.first;
    expect([await expose('gone'), await expose('terse'), await expose('terse'), await expose('control')]).toEqual([
      0, 1, 0, 0,
    ]);
    expect((await results()).metrics[0].variants.map(({ units }: { units: number }) => units)).toEqual([0, 1]);
  });

  it('counts no exposure to a variant whose share was taken meanwhile, by which the split would look wrong for ever', async () => {
    await put({ variants: definition.variants.map((one, i) => ({ ...one, share: i })) });
    const variants = [{ experiment: 'tone', variant: 'control' }];
    expect((await inject(app, orchestratorApi.expose, { body: { variants } })).body.first).toBe(0);
    expect((await results()).sample_ratio).toEqual({ p_value: 1, warning: false });
  });

  it('assigns nobody to two experiments of one layer, and keeps who was exposed where it was', async () => {
    const layered = (name: string, from: number, to: number) => put({ name, layer: { name: 'answers', from, to } });
    await layered('tone', 0, 0.5);
    await layered('length', 0.5, 1);
    const assigned = async () =>
      (await inject(app, orchestratorApi.assign, { body: {} })).body.assignments.map(
        ({ experiment }: { experiment: string }) => experiment,
      );
    const [only = '', ...more] = await assigned();
    expect([['tone', 'length'].includes(only), more]).toEqual([true, []]);
    await inject(app, orchestratorApi.expose, { body: { variants: [{ experiment: only, variant: 'terse' }] } });
    await layered('tone', only === 'tone' ? 0.5 : 0, only === 'tone' ? 1 : 0.5);
    await layered('length', only === 'tone' ? 0 : 0.5, only === 'tone' ? 0.5 : 1);
    expect(await assigned()).toEqual([only]);
  });

  it('assigns sessions where they are the unit', async () => {
    await put({ unit: 'session' });
    expect(await variantOf()).toBeUndefined();
    const variants = await Promise.all(Array.from({ length: 40 }, (_, i) => variantOf(`s${i}`)));
    expect(new Set(variants)).toEqual(new Set(['control', 'terse']));
    const refused = await report({ id: 'o1', metric: 'minutes', value: 1 });
    expect([refused.status, refused.body.error.param]).toEqual([400, 'session']);
    const outcome = { id: 'o1', metric: 'minutes', value: 1, session: 's1' };
    expect((await report(outcome)).body).toEqual({ recorded: true });
    expect((await report(outcome)).body).toEqual({ recorded: false });
    // One outcome is of one session, however many its user names.
    expect((await report({ ...outcome, session: 's2' })).body.error.code).toBe('outcome_differs');
  });

  it('records an outcome once, and refuses what it cannot be', async () => {
    await put();
    const outcome = { id: 'o1', metric: 'minutes', value: 3 };
    expect((await report(outcome)).body).toEqual({ recorded: true });
    expect((await report(outcome)).body).toEqual({ recorded: false });
    expect((await report(outcome, bob)).body).toEqual({ recorded: true });
    expect((await report({ ...outcome, value: 4 })).body.error.code).toBe('outcome_differs');
    expect((await report({ ...outcome, metric: 'fun' })).body.error.code).toBe('metric_not_found');
    expect((await report(outcome, ada, 'nothing')).body.error.code).toBe('experiment_not_found');
    expect((await report({ id: 'o2', metric: 'liked', value: 0.5 })).body.error.message).toContain('takes 0 or 1');
  });

  const score = (value: number, of: { answer_id?: string; release?: 'v1' | 'v2' } = {}) =>
    inject(app, orchestratorApi.observe, { body: { metric: ANSWER_SCORE, value, ...of } });
  const counted = async () =>
    (await app.inject(orchestrator.metricsPath)).body.match(/^(answer_score|scored_answers)_total\{.*/gm);

  it('counts a score for the release that made the answer, whether an experiment has the metric or not', async () => {
    expect((await score(0.5)).body.error.code).toBe('metric_not_found');
    expect((await score(0.5, { answer_id: 'a1', release: 'v2' })).body).toEqual({ recorded: 0, scored: true });
    await put({ metrics: [{ name: ANSWER_SCORE, kind: 'mean' }] });
    expect((await score(0.75, { answer_id: 'a2', release: 'v2' })).body).toEqual({ recorded: 1, scored: true });
    expect((await score(0.5, { answer_id: 'a3' })).body).toEqual({ recorded: 1, scored: false });
    expect((await score(0.5)).body).toEqual({ recorded: 1, scored: false });
    expect((await score(4, { answer_id: 'a4', release: 'v1' })).status).toBe(400);
    expect((await score(-0.1, { answer_id: 'a4', release: 'v1' })).status).toBe(400);
    expect(await counted()).toEqual([
      'answer_score_total{answered_by="v2"} 1.25',
      'scored_answers_total{answered_by="v2"} 2',
    ]);
  });

  it('counts a score of one answer once, however often it is sent, and takes no other one of it', async () => {
    await put({ metrics: [{ name: ANSWER_SCORE, kind: 'mean' }] });
    const of = { answer_id: 'a1', release: 'v1' } as const;
    const sent = await Promise.all([score(1, of), score(1, of), score(1, of)]);
    expect(sent.map(({ body }) => body.recorded).sort()).toEqual([0, 0, 1]);
    expect(sent.map(({ body }) => body.scored).sort()).toEqual([false, false, true]);
    expect((await score(0, of)).body.error.code).toBe('outcome_differs');
    // An experiment that has come since knows nothing of it.
    await put({ name: 'later', metrics: [{ name: ANSWER_SCORE, kind: 'mean' }] });
    expect((await score(1, of)).body).toEqual({ recorded: 1, scored: false });
    expect(await counted()).toEqual([
      'answer_score_total{answered_by="v1"} 1',
      'scored_answers_total{answered_by="v1"} 1',
    ]);
  });

  it('takes no release that the platform does not know: each would be a series of its own', async () => {
    const body = { metric: ANSWER_SCORE, value: 1, answer_id: 'a1', release: 'v3' as 'v2' };
    expect((await inject(app, orchestratorApi.observe, { body })).status).toBe(400);
  });

  it('says nothing before anybody was measured', async () => {
    await put();
    const nothing = { p_value: 1, low: null, high: null };
    const told = await results();
    expect(told.sample_ratio).toEqual({ p_value: 1, warning: false });
    for (const { comparisons } of [...told.metrics, ...told.guardrails]) {
      expect(comparisons).toEqual([
        { variant: 'terse', difference: null, always_valid: nothing, fixed_horizon: nothing, differs: false },
      ]);
    }
  });

  /** Units whose values spread evenly over 0 to 1, moved by what the variant does. */
  async function measure(counts: Readonly<Record<string, number>>, cost: number) {
    for (const [variant, units] of Object.entries(counts)) {
      const moved = variant === 'terse' ? 1 : 0;
      for (let i = 0; i < units; i++) {
        const unit = `${variant}${i}`;
        const even = i / units;
        const at = time.clock();
        await store.expose({ experiment: 'tone', variant, unit, at });
        for (const [metric, value] of [
          ['liked', even < 0.3 + 0.3 * moved ? 1 : 0],
          ['minutes', even],
          ['latency', even + moved],
          ['cost', even + cost * moved],
        ] as const)
          await store.observe({ experiment: 'tone', unit, metric, value, at });
      }
    }
  }

  it('tells what differs, what does not, and which guardrail is breached', async () => {
    await put();
    await measure({ control: 200, terse: 200 }, 0.5);
    const { metrics, guardrails, sample_ratio } = await results();
    expect(sample_ratio.warning).toBe(false);
    expect(metrics.map(({ metric, comparisons: [one] }: MetricResult) => [metric, one?.differs])).toEqual([
      ['liked', true],
      ['minutes', false],
      ['latency', true],
    ]);
    expect(metrics[0].variants).toEqual([
      { variant: 'control', units: 200, measured_units: 200, value: 0.3 },
      { variant: 'terse', units: 200, measured_units: 200, value: 0.6 },
    ]);
    const [{ difference, always_valid, fixed_horizon }] = metrics[0].comparisons;
    expect(difference).toBeCloseTo(0.3, 12);
    expect(always_valid.low).toBeLessThan(fixed_horizon.low);
    expect(always_valid.high).toBeGreaterThan(fixed_horizon.high);
    expect(guardrails[0].breached_by).toEqual(['terse']);
  });

  it('finds by prior values, where the metric asks for them, what it does not find without', async () => {
    const of = (prior: boolean) => put({ metrics: [{ name: 'minutes', kind: 'mean', prior }], guardrails: [] });
    await of(true);
    for (const [moved, variant] of ['control', 'terse'].entries()) {
      for (let i = 0; i < 100; i++) {
        const unit = `${variant}-${i}`;
        const observe = (value: number) =>
          store.observe({ experiment: 'tone', unit, metric: 'minutes', value, at: time.clock() });
        if (i < 90) await observe(i % 20);
        await store.expose({ experiment: 'tone', variant, unit, at: time.clock() });
        await observe((i % 20) + 2 * moved + ((i * 7) % 5) * 0.1);
      }
    }
    const adjusted = (await results()).metrics[0];
    expect(adjusted.variants.map(({ prior_units }: { prior_units: number }) => prior_units)).toEqual([90, 90]);
    expect(adjusted.comparisons[0]).toMatchObject({ differs: true, difference: expect.closeTo(2, 6) });
    await of(false);
    expect((await results()).metrics[0].comparisons[0]).toMatchObject({ differs: false });
  });

  it('breaches no guardrail by what is tolerated', async () => {
    await put();
    await measure({ control: 200, terse: 200 }, 0.1);
    expect((await results()).guardrails[0].breached_by).toEqual([]);
  });

  it('warns when units did not come in the shares of the split, of those since it changed', async () => {
    await put();
    await measure({ control: 150, terse: 60 }, 0);
    expect((await results()).sample_ratio.warning).toBe(true);
    time.advance(1);
    await put({ variants: definition.variants.map((one, i) => ({ ...one, share: i === 0 ? 0.2 : 0.8 })) });
    expect((await results()).sample_ratio).toEqual({ p_value: 1, warning: false });
  });
});
