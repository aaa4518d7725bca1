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
      'No model of tier premium can take 300500 tokens of prompt and answer: gpt-3.5-turbo takes 16000 tokens',
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
    fc.assert(
      fc.property(table, input, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (rows, rest, usable) => {
        const specs = rows.map(({ id, role, window }) => spec(id, role, window));
        const available = new Set(rows.filter((_, i) => usable[i]).map(({ id }) => id));
        const fits = specs.filter(
          ({ id, role, contextWindowTokens }) =>
            available.has(id) &&
            contextWindowTokens >= rest.promptTokens + rest.maxOutputTokens &&
            (rest.tier !== 'free' || role === 'cheap' || role === 'local'),
        );
        const decide = () => route({ ...rest, models: specs, available });
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
    typicalLatencyMs: 1,
    fallbacks: [],
  };
}
