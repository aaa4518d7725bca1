import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { checkManifests, rules } from '../../constructs/index.js';
import { releasedEnvironments } from '../system/environments.js';
import { checkFaults } from './check-faults.js';
import { compile } from './compile.js';
import { compilerFaults, PREAMBLE } from './compiler-faults.js';
import { faultyManifests } from './faulty-manifests.js';
import { synthFaults } from './synth-faults.js';
import { faultTable } from './table.js';

/** One compiler for all of them, which on a busy machine takes its time. */
const COMPILER_TIMEOUT_MS = 300_000;

describe('the compiler refuses', () => {
  test(
    'every fault that is its to find, and nothing where there is none',
    () => {
      const [preamble, ...messages] = compile([PREAMBLE, ...compilerFaults.map(({ code }) => PREAMBLE + code)]);
      expect(preamble).toBe('');
      const silent = compilerFaults.flatMap(({ fault, says }, i) => {
        const message = messages[i] ?? '';
        return says.filter((part) => !message.includes(part)).map((part) => `${fault}: no ${part} in: ${message}`);
      });
      expect(silent).toEqual([]);
      expect(messages.filter((message) => message === '')).toEqual([]);
    },
    COMPILER_TIMEOUT_MS,
  );
});

describe('synthesis refuses', () => {
  test.each(synthFaults)('$fault', ({ build, says }) => {
    let message = '';
    try {
      build();
    } catch (error) {
      message = (error as Error).message;
    }
    for (const part of says) expect(message).toContain(part);
  });
});

describe('armature check refuses', () => {
  const staging = releasedEnvironments().find(({ name }) => name === 'staging')?.objects ?? [];

  test('nothing in staging as it is', () => {
    expect(checkManifests(staging.map((value) => ({ value })))).toEqual([]);
  });

  test.each(checkFaults)('$fault', (fault) => {
    const table = rules.filter(({ id }) => id === fault.rule);
    const findings = checkManifests(
      faultyManifests(staging, fault).map((value) => ({ value })),
      table,
    );
    const named = (fault.names ?? fault.in).replace('/', '/armature/');
    const found = findings.filter(({ object }) => [named, fault.in].includes(object));
    expect(findings.map(({ object }) => object)).toContain(found[0]?.object);
    expect(found.map(({ message }) => message).join('\n')).toContain(fault.says);
    expect(found[0]?.fix).toMatch(/\w+ .*\w+/);
  });
});

test('the page of seeded faults is what they are', () => {
  const page = readFileSync(new URL('../../docs/seeded-faults.md', import.meta.url), 'utf8');
  expect(page).toBe(faultTable());
  const all = [...compilerFaults, ...synthFaults, ...checkFaults].map(({ fault }) => fault);
  expect(all.length).toBeGreaterThanOrEqual(30);
});
