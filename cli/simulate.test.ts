import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { EXIT_FINDINGS, EXIT_USAGE } from './exit-codes.js';
import { runSimulate } from './simulate.js';

let folder: string;
let out: string;
let err: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'armature-simulate-'));
  out = '';
  err = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text;
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += text;
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
});

const asked = { engine: 'fluid', seed: 1, tick: 1 } as const;

test('tells a run in words, writes the page where it is wanted, and ends with 0 when all is well', () => {
  const html = join(folder, 'report.html');
  runSimulate('production', { ...asked, load: 'constant:1@10m', html });
  expect(out).toMatch(/^production under constant 1 requests\/s/);
  expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>/);
  expect(process.exitCode ?? 0).toBe(0);
});

test('ends with 1 when something is saturated, and JSON says since when', () => {
  runSimulate('dev', { ...asked, load: 'constant:500@15m', json: true });
  expect(JSON.parse(out).saturations[0]).toMatchObject({ what: expect.any(String), sinceSeconds: 0 });
  expect(process.exitCode).toBe(EXIT_FINDINGS);
});

test('ends with 2, in words, when it was asked wrongly', () => {
  const load = join(folder, 'load.csv');
  writeFileSync(load, 'time,rps\n10,1\n5,2\n');
  runSimulate('production', { ...asked, load });
  expect(err).toMatch(/load\.csv:3: time 5 does not come after the row before it/);
  runSimulate('prod', { ...asked, load: 'constant:1' });
  expect(err).toMatch(/There is no environment "prod"/);
  const assume = join(folder, 'assume.json');
  writeFileSync(assume, '{"pods": {"threads": 0}, "speed": 3, "requests": {"tiers": {"free": 0.5}}}');
  runSimulate('production', { ...asked, load: 'constant:1', assume });
  expect(err).toMatch(/assume\.json:\n {2}pods\.threads: .*\n {2}the file: .*"speed"/);
  runSimulate('production', { ...asked, load: 'constant:1', html: join(folder, 'no', 'such.html') });
  expect(err).toMatch(/Cannot write to/);
  expect(process.exitCode).toBe(EXIT_USAGE);
  expect(out).toBe('');
});
