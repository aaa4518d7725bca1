import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dump, load, YAML11_SCHEMA } from 'js-yaml';
import { yamlOf } from './yaml.js';

/** Texts that a reader takes for something else, or that need care in several lines. */
const awkward = fc.constantFrom(
  ...[
    'on',
    'n',
    '0777',
    '12:30',
    '1e3',
    '~',
    '',
    ' ',
    '- a',
    'a: b',
    '# c',
    '=',
    "it's",
    '"q"',
    'é\u00a0',
    '\t',
    '2026-11-25',
  ],
  ...['a\nb', 'a\n\nb\n', 'a\n\n', '\n', ' lead\n  more\n', 'trail \nx', '---\nx', '- a\n- b\n'],
);
const scalar = fc.oneof(
  awkward,
  fc.string(),
  fc.integer(),
  fc.double({ noNaN: true }).map((one) => one + 0),
  fc.boolean(),
  fc.constant(null),
);
const key = fc.oneof(fc.string(), fc.constantFrom('on', 'y', '0777', 'a.b/c', '')).filter((one) => one !== '__proto__');
const { node } = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(key, tie('node'), { maxKeys: 4 }).map((one) => ({ ...one })),
  ),
}));

it('writes what the library would write of the whole document, but for a mark of the end', () => {
  fc.assert(
    fc.property(node, (value) => {
      const whole = dump({ value }, { noRefs: true, lineWidth: -1 });
      expect(yamlOf({ value })).toBe(whole.replace(/^\.\.\.\n$/m, ''));
    }),
    { numRuns: 500 },
  );
});

it('is read by YAML 1.1 as what it was made of', () => {
  fc.assert(
    fc.property(node, (value) => {
      expect(load(yamlOf(value), { schema: YAML11_SCHEMA })).toEqual(value);
    }),
    { numRuns: 300 },
  );
});

it('quotes a commit that reads like a number too large for one', () => {
  const commits = { '12e4567': '12e4567', list: ['9E999'] };
  expect(yamlOf(commits)).toBe(`'12e4567': '12e4567'\nlist:\n  - '9E999'\n`);
});

it('leaves out what is undefined, and puts documents after each other', () => {
  expect(yamlOf({ a: undefined, b: { c: undefined }, d: [undefined] }, 'x')).toBe('b: {}\nd:\n  - null\n---\nx\n');
});

it('refuses what YAML has no word for, and a key that is no line', () => {
  expect(() => yamlOf({ a: () => 1 })).toThrow('unacceptable kind of an object');
  expect(() => yamlOf({ 'a\nb': 1 })).toThrow('a key is one line');
});
