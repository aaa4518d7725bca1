import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { rules } from './rules.js';

const page = readFileSync(new URL('../../docs/how-to/check-manifests.md', import.meta.url), 'utf8');

test('the page on checking manifests lists every rule as it is, in the order of the table, and no other', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `') && !line.includes('unreadable-manifest'));
  expect(rows).toEqual(rules.map(({ id, severity, why, fix }) => `| \`${id}\` | ${severity} | ${why} | ${fix} |`));
});

test('no two rules have one id, and each id is in kebab-case', () => {
  const ids = rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
});
