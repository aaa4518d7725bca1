import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const project = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, project), 'utf8');

interface Row {
  readonly entry: string;
  readonly done: string;
  readonly test: string;
}

const rows = read('docs/how-to/security.md')
  .split('\n')
  .filter((line) => /^\| (API|LLM|ASI|semantic)/.test(line))
  .map((line): Row => {
    const [entry = '', done = '', named = ''] = line.split(' |').map((cell) => cell.replace(/^\|? ?/, '').trim());
    return { entry, done, test: named };
  });

test('every entry of the three lists has a row', () => {
  const ids = rows.map(({ entry }) => /^[A-Z]+\d+/.exec(entry)?.[0]).filter((id) => id !== undefined);
  const list = (name: string, digits: number) =>
    Array.from({ length: 10 }, (_, i) => `${name}${String(i + 1).padStart(digits, '0')}`);
  expect(ids).toEqual([...list('API', 1), ...list('LLM', 2), ...list('ASI', 2)]);
});

test.each(rows)(
  '$entry: the test that it names is there, or the reason why it does not apply',
  ({ done, test: named }) => {
    if (named === '') {
      expect(done).toMatch(/^does not apply: /);
      return;
    }
    const [, path = '', title = ''] = /^`(\S+)`: (.+)$/.exec(named) ?? [];
    const titles = [...read(path).matchAll(/(?:it|test|\))\(\s*(['"`])(.+?)\1,/g)].map(([, , name]) => name);
    expect(titles).toContain(title);
  },
);
