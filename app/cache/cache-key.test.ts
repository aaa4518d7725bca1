import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cacheKey } from './cache-key.js';
import { canonicalJson, type Json } from './canonical-json.js';

const acme = { tenant: 'acme' };

it('gives the prefix and a whole SHA-256', () => {
  expect(cacheKey('rag', acme, { query: 'a' })).toMatch(/^rag:[0-9a-f]{64}$/);
});

it('gives one key for equal inputs in any order of fields', () => {
  expect(cacheKey('rag', acme, { a: 1, b: { c: [1, 2], d: null } })).toBe(
    cacheKey('rag', acme, { b: { d: null, c: [1, 2] }, a: 1 }),
  );
});

it.each<[string, Json, Json]>([
  ['a number and its text', 1, '1'],
  ['null and its text', null, 'null'],
  ['lists in another order', [1, 2], [2, 1]],
  ['nested and flat lists', [['a'], 'b'], [['a', 'b']]],
  ['a missing and a null field', {}, { a: null }],
  ['upper and lower case', 'a', 'A'],
])('tells apart %s', (_, one, other) => {
  expect(cacheKey('rag', acme, one)).not.toBe(cacheKey('rag', acme, other));
});

it('tells tenants, users and prefixes apart', () => {
  const keys = [
    cacheKey('rag', acme, 'q'),
    cacheKey('rag', { tenant: 'globex' }, 'q'),
    cacheKey('rag', { ...acme, user: 'ada' }, 'q'),
    cacheKey('rag', { ...acme, user: '' }, 'q'),
    cacheKey('embeddings', acme, 'q'),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

it('cannot be made without a tenant', () => {
  // @ts-expect-error a scope names its tenant
  expect(() => cacheKey('rag', {}, 'q')).toThrow('undefined');
});

it('refuses a prefix that could be mistaken for a key', () => {
  expect(() => cacheKey('rag:x', acme, 'q')).toThrow('Cache prefix "rag:x"');
});

it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, new Date(0), () => 1, Symbol('x'), 1n])(
  'refuses what JSON cannot say: %p',
  (value) => {
    expect(() => canonicalJson([value as Json])).toThrow(TypeError);
  },
);

it('says the same as JSON, whatever the value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      expect(JSON.parse(canonicalJson(value as Json))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
