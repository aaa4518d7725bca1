import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { RUNBOOKS, runbookUrl } from './runbook.js';

const FOLDER = new URL('../../docs/runbooks/', import.meta.url);

describe('a runbook', () => {
  test('exists for every name that an alert may take, and every file has such a name', () => {
    const files = readdirSync(FOLDER).filter((file) => file !== 'README.md');
    expect(files.sort()).toEqual(RUNBOOKS.map((name) => `${name}.md`).sort());
  });

  test.each(RUNBOOKS)('says what %s means, whom it hurts, how to find the cause, what to do, whom to call', (name) => {
    const text = readFileSync(new URL(`${name}.md`, FOLDER), 'utf8');
    expect(text.match(/^## .*$/gm)).toEqual(['## Meaning', '## Impact', '## Diagnose', '## Mend', '## Escalate']);
    expect(text).toMatch(/kubectl|query/);
  });

  test('of the kit is below the address where people read them; one of somebody’s own has an address', () => {
    expect(runbookUrl('target-down', 'https://wiki.test/runbooks/')).toBe('https://wiki.test/runbooks/target-down.md');
    expect(runbookUrl('https://wiki.test/mine', 'https://wiki.test/runbooks')).toBe('https://wiki.test/mine');
  });
});
