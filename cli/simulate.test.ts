import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { captureOutput } from './captured-output.fixture.js';
import { EXIT_FINDINGS, EXIT_USAGE } from './exit-codes.js';
import { runSimulate } from './simulate.js';

let folder: string;
const captured = captureOutput();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'armature-simulate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const asked = { engine: 'fluid', seed: 1, tick: 1 } as const;

test('tells a run in words, writes the page where it is wanted, and ends with 0 when all is well', async () => {
  const html = join(folder, 'report.html');
  await runSimulate('production', { ...asked, load: 'constant:1@10m', html });
  expect(captured.out).toMatch(/^production under constant 1 requests\/s/);
  expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>/);
  expect(process.exitCode ?? 0).toBe(0);
});

test('ends with 1 when something is saturated, and JSON says since when', async () => {
  await runSimulate('dev', { ...asked, load: 'constant:500@15m', json: true });
  expect(JSON.parse(captured.out).saturations[0]).toMatchObject({ what: expect.any(String), sinceSeconds: 0 });
  expect(process.exitCode).toBe(EXIT_FINDINGS);
});

test('ends with 2, in words, when it was asked wrongly', async () => {
  const load = join(folder, 'load.csv');
  writeFileSync(load, 'time,rps\n10,1\n5,2\n');
  await runSimulate('production', { ...asked, load });
  expect(captured.err).toMatch(/load\.csv:3: time 5 does not come after the row before it/);
  await runSimulate('prod', { ...asked, load: 'constant:1' });
  expect(captured.err).toMatch(/There is no environment "prod"/);
  const assume = join(folder, 'assume.json');
  writeFileSync(assume, '{"pods": {"threads": 0}, "speed": 3, "requests": {"tiers": {"free": 0.5}}}');
  await runSimulate('production', { ...asked, load: 'constant:1', assume });
  expect(captured.err).toMatch(/assume\.json:\n {2}pods\.threads: .*\n {2}the file: .*"speed"/);
  // A tier that nobody has was simulated as nobody.
  writeFileSync(assume, '{"requests": {"tiers": {"gold": 0.5}}}');
  await runSimulate('production', { ...asked, load: 'constant:1', assume });
  expect(captured.err).toMatch(
    /tiers: has no use for "gold"; there are free, .*\n.*tiers: its shares add up to 0\.5, not to 1/,
  );
  await runSimulate('production', { ...asked, load: 'constant:1', html: join(folder, 'no', 'such.html') });
  expect(captured.err).toMatch(/Cannot write to ".*such\.html": there is no folder ".*no"\. Make it first/);
  await runSimulate('production', { ...asked, load: 'constant:1', html: folder });
  expect(captured.err).toMatch(/it is a folder\. Name a file in it/);
  expect(process.exitCode).toBe(EXIT_USAGE);
  expect(captured.out).toBe('');
});
