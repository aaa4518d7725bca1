import { expect, it } from '@jest/globals';
import { readLabelledPairs } from './labelled-pairs.js';

const same = '{"same": true, "one": "a", "other": "b"}';
const differing = '{"same": false, "kind": "number", "one": "a", "other": "c"}';

it('reads a pair a line, leaving other fields and empty lines alone', () => {
  expect(readLabelledPairs(`${same}\r\n\n${differing}\n`)).toEqual([
    { same: true, one: 'a', other: 'b' },
    { same: false, one: 'a', other: 'c' },
  ]);
});

it('names every line that is no pair, and what is wrong with it', () => {
  const file = [same, '{"same": "yes", "one": "a", "other": ""}', 'nothing', '[]', differing].join('\n');
  expect(() => readLabelledPairs(file)).toThrow(
    /Each line is a pair such as .*\nline 2: same: .*boolean.*; other: .*\nline 3: it is not JSON: .*\nline 4: .*object/,
  );
});

it('does not list problems without end', () => {
  expect(() => readLabelledPairs('x\n'.repeat(1_000))).toThrow(/line 5: [^\n]*\nand 995 more lines$/);
});

it.each([
  [same, 'no pair with "same": false'],
  [differing, 'no pair with "same": true'],
  ['', 'no pair with "same": true'],
])('refuses a file that cannot tell the two kinds apart: %s', (file, reason) => {
  expect(() => readLabelledPairs(file)).toThrow(reason);
});
