import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { seedScenariosDocument } from './seed-scenarios.js';

const PAGE = new URL('../../docs/seed-scenarios.md', import.meta.url);

test('the page of the seed scenarios says what is reckoned', () => {
  const document = seedScenariosDocument();
  if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, document);
  expect(readFileSync(PAGE, 'utf8')).toBe(document);
});
