import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ModelSpec,
  models,
  ROUTE_PRIORITIES,
  type RoutePriority,
  TASK_CLASSES,
  type TaskClass,
  TIERS,
  type Tier,
} from '../../contract/index.js';
import type { ModelState } from './ailment.js';
import { NoModelFits } from './no-model-fits.js';
import { type RouteInput, route } from './route.js';

const roleOf = new Map(models.map((model) => [model.id, model.role]));
const all = new Set(models.map(({ id }) => id));
const only = (...roles: ModelSpec['role'][]) =>
  new Set(models.filter(({ role }) => roles.includes(role)).map(({ id }) => id));

function ask(changes: Partial<RouteInput> = {}) {
  return route({
    class: 'simple',
    tier: 'premium',
    priority: 'balanced',
    promptTokens: 100,
    maxOutputTokens: 500,
    models,
    available: all,
    ...changes,
  });
}
const roleFor = (taskClass: TaskClass, tier: Tier, priority: RoutePriority) =>
  roleOf.get(ask({ class: taskClass, tier, priority }).model);

describe('routing by role', () => {
  it.each(TASK_CLASSES.flatMap((taskClass) => ROUTE_PRIORITIES.map((priority) => [taskClass, priority] as const)))(
    'gives tier free the cheap model for a %s prompt with priority %s',
    (taskClass, priority) => {
      expect(roleFor(taskClass, 'free', priority)).toBe('cheap');
    },
  );

  it.each([
    ['simple', 'enterprise', 'quality', 'cheap'],
    ['specialised', 'premium', 'cost', 'specialist'],
    ['medium', 'premium', 'speed', 'cheap'],
    ['medium', 'premium', 'balanced', 'strong'],
    ['medium', 'premium', 'quality', 'strong'],
    ['complex', 'enterprise', 'cost', 'cheap'],
    ['complex', 'premium', 'quality', 'strong'],
    ['complex', 'enterprise', 'balanced', 'strong'],
    ['complex', 'premium', 'balanced', 'cheap'],
  ] as const)('sends a %s prompt of tier %s with priority %s to a %s model', (taskClass, tier, priority, role) => {
    expect(roleFor(taskClass, tier, priority)).toBe(role);
  });

  it('says why, and what it would try next', () => {
    expect(ask({ class: 'specialised' })).toEqual({
      class: 'specialised',
      preferred: 'claude-3-opus',
      model: 'claude-3-opus',
      fallbacks: ['gpt-4', 'gpt-3.5-turbo', 'local-extractive'],
      reasons: ['a specialised prompt is for the specialist model'],
    });
  });

  it('takes the next model when the preferred one cannot be used, and says so', () => {
    const decision = ask({ class: 'complex', priority: 'quality', available: only('local') });
    expect(decision).toMatchObject({ preferred: 'gpt-4', model: 'local-extractive', fallbacks: [] });
    expect(decision.reasons).toEqual([
      'a complex prompt with priority quality is for a strong model',
      'gpt-4 has no key here, gpt-3.5-turbo has no key here, claude-3-opus has no key here; local-extractive answers',
    ]);
  });

  it('passes over a model whose window is too small for prompt and answer together', () => {
    expect(ask({ promptTokens: 15_500, maxOutputTokens: 500 }).model).toBe('gpt-3.5-turbo');
    const decision = ask({ promptTokens: 15_501, maxOutputTokens: 500 });
    expect(decision).toMatchObject({ preferred: 'gpt-3.5-turbo', model: 'claude-3-opus' });
    expect(decision.reasons).toContain(
      'gpt-3.5-turbo takes 16000 tokens and this may need 16001; claude-3-opus answers',
    );
  });

  it('refuses, naming every model, when none is large enough', () => {
    const tooLong = () => ask({ promptTokens: 300_000 });
    expect(tooLong).toThrow(NoModelFits);
    expect(tooLong).toThrow(
      'No model of tier premium can take a prompt and answer of up to 300500 tokens: gpt-3.5-turbo takes 16000 tokens',
    );
  });

  it('tells a prompt that is too long from a platform without a model', () => {
    const error = (changes: Partial<RouteInput>) => {
      try {
        return ask(changes);
      } catch (thrown) {
        return thrown;
      }
    };
    expect(error({ promptTokens: 300_000 })).toMatchObject({ isTooLong: true });
    expect(error({ available: new Set() })).toMatchObject({ isTooLong: false });
    expect(error({ models: models.filter(({ role }) => role === 'strong'), tier: 'free' })).toMatchObject({
      refusals: [],
    });
  });

  it('takes the cheapest or fastest of several models of one role when asked to', () => {
    const [cheap] = models.filter(({ role }) => role === 'cheap');
    if (cheap === undefined) throw new Error('the contract has a cheap model');
    const table = [
      cheap,
      { ...cheap, id: 'cheaper', outputMicroUsdPer1kTokens: 1 },
      { ...cheap, id: 'faster', typicalLatencyMs: 1 },
    ];
    const pick = (priority: RoutePriority) =>
      ask({ models: table, available: new Set(table.map(({ id }) => id)), priority }).model;
    expect([pick('balanced'), pick('cost'), pick('speed')]).toEqual([cheap.id, 'cheaper', 'faster']);
  });

  describe('by how the models do', () => {
    const well: ModelState = { errorRatio: 0, unreachable: false };
    const states = (changes: Readonly<Record<string, Partial<ModelState>>>) =>
      new Map(Object.entries(changes).map(([id, change]) => [id, { ...well, ...change }]));
    const strong = { class: 'complex', tier: 'enterprise' } as const;
    const slow = { latencyMs: { p50: 9_001, p95: 20_000 } };

    it.each<[string, Partial<ModelState>, string]>([
      ['whose breakers are all open', { unreachable: true }, 'gpt-4 is left alone after failures; '],
      ['that fails', { errorRatio: 0.62 }, 'gpt-4 fails 62 % of its calls; '],
      ['that is slow', slow, 'gpt-4 takes 9.0 s of late where 3.0 s are usual; '],
    ])('passes over one %s, says so, and keeps it as the last that is tried', (_, state, why) => {
      const decision = ask({ ...strong, states: states({ 'gpt-4': state }) });
      expect([decision.preferred, decision.model, decision.fallbacks.at(-1)]).toEqual([
        'gpt-4',
        'gpt-3.5-turbo',
        'gpt-4',
      ]);
      expect(decision.reasons.at(-1)).toBe(`${why}gpt-3.5-turbo answers`);
    });

    it('waits for a slow one where quality was asked for, and never takes the local one for slowness alone', () => {
      expect(ask({ ...strong, priority: 'quality', states: states({ 'gpt-4': slow }) }).model).toBe('gpt-4');
      const free = { tier: 'free', states: states({ 'gpt-3.5-turbo': slow }) } as const;
      expect(ask(free).model).toBe('gpt-3.5-turbo');
      expect(ask({ ...free, states: states({ 'gpt-3.5-turbo': { unreachable: true } }) }).model).toBe(
        'local-extractive',
      );
    });

    it('keeps its order when none is well, and at the edges of what is tolerated', () => {
      const bad = states(Object.fromEntries(models.map(({ id }) => [id, { errorRatio: 1 }])));
      expect(ask({ ...strong, states: bad })).toEqual(ask(strong));
      const edge = { errorRatio: 0.5, latencyMs: { p50: 9_000, p95: 90_000 } };
      expect(ask({ ...strong, states: states({ 'gpt-4': edge }) })).toEqual(ask(strong));
    });

    it('goes by measured latency for speed, and by strengths otherwise', () => {
      const [cheap] = models.filter(({ role }) => role === 'cheap');
      if (cheap === undefined) throw new Error('the contract has a cheap model');
      const other: ModelSpec = { ...cheap, id: 'other', typicalLatencyMs: 9_000, strengths: ['simple'] };
      const table = { models: [cheap, other], available: new Set([cheap.id, 'other']) };
      expect(ask(table).reasons).toContain('of 2 cheap models other is strong in what is simple');
      expect(ask({ ...table, priority: 'speed' }).model).toBe(cheap.id);
      const measured = states({ other: { latencyMs: { p50: 400, p95: 900 } } });
      expect(ask({ ...table, priority: 'speed', states: measured })).toMatchObject({
        model: 'other',
        reasons: expect.arrayContaining(['of 2 cheap models other is the fastest']),
      });
    });

    it('allows for a vocabulary that it cannot count by', () => {
      const long = { class: 'specialised', maxOutputTokens: 500 } as const;
      // 173,479 tokens of ours may be 199,501 of Claude's.
      expect(ask({ ...long, promptTokens: 173_478 }).model).toBe('claude-3-opus');
      expect(() => ask({ ...long, promptTokens: 173_479 })).toThrow(
        'claude-3-opus takes 200000 tokens and this may need 200001',
      );
    });
  });

  it('keeps its rules whatever the table, the tier and the prompt', () => {
    const roles = fc.constantFrom<ModelSpec['role']>('cheap', 'strong', 'specialist', 'local');
    const table = fc.uniqueArray(
      fc.record({ id: fc.string({ minLength: 1 }), role: roles, window: fc.integer({ min: 1, max: 2000 }) }),
      {
        selector: ({ id }) => id,
        maxLength: 6,
      },
    );
    const input = fc.record({
      class: fc.constantFrom(...TASK_CLASSES),
      tier: fc.constantFrom(...TIERS),
      priority: fc.constantFrom(...ROUTE_PRIORITIES),
      promptTokens: fc.integer({ min: 0, max: 1500 }),
      maxOutputTokens: fc.integer({ min: 1, max: 500 }),
    });
    const six = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 6, maxLength: 6 });
    const state = fc.record<ModelState>({
      errorRatio: fc.double({ min: 0, max: 1, noNaN: true }),
      unreachable: fc.boolean(),
    });
    fc.assert(
      fc.property(table, input, six(fc.boolean()), six(state), (rows, rest, usable, measured) => {
        const specs = rows.map(({ id, role, window }) => spec(id, role, window));
        const states = new Map(rows.flatMap(({ id }, i) => (measured[i] ? [[id, measured[i]]] : [])));
        const available = new Set(rows.filter((_, i) => usable[i]).map(({ id }) => id));
        const fits = specs.filter(
          ({ id, role, contextWindowTokens }) =>
            available.has(id) &&
            contextWindowTokens >= rest.promptTokens + rest.maxOutputTokens &&
            (rest.tier !== 'free' || role === 'cheap' || role === 'local'),
        );
        const decide = () => route({ ...rest, models: specs, available, states });
        if (fits.length === 0) return expect(decide).toThrow(NoModelFits);
        const { model, fallbacks } = decide();
        expect([model, ...fallbacks].sort()).toEqual(fits.map(({ id }) => id).sort());
      }),
    );
  });
});

function spec(id: string, role: ModelSpec['role'], contextWindowTokens: number): ModelSpec {
  return {
    id,
    role,
    contextWindowTokens,
    provider: 'local',
    inputMicroUsdPer1kTokens: 0,
    outputMicroUsdPer1kTokens: 0,
    tokensPerCountedToken: 1,
    typicalLatencyMs: 1,
    strengths: [],
    fallbacks: [],
  };
}
