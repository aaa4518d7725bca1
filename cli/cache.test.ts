import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { runCalibrate } from './cache.js';

let folder: string;
let told: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'armature-cache-'));
  told = '';
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      told += String(text);
      return true;
    });
  }
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function write(lines: readonly string[]): string {
  const path = join(folder, 'pairs.jsonl');
  writeFileSync(path, lines.join('\n'));
  return path;
}

const pair = (same: boolean, one: string, other: string) => JSON.stringify({ same, one, other });
const alike = pair(true, 'What is the capital of France?', "what's the capital of france");
const differing = Array.from({ length: 20 }, (_, i) => pair(false, `What is ${i} + 2?`, `What is ${i} + 3?`));

it('finds the threshold, with intervals, and draws it with and without the guard', async () => {
  const svg = join(folder, 'curve.svg');
  await runCalibrate(write([alike, ...differing]), { maxFalseHits: 0.2, svg });
  expect(process.exitCode).toBeUndefined();
  expect(told).toContain('21 pairs, of which 20 differ; embeddings local-hashing');
  expect(told).toMatch(/with the guard +cosine ≥ \S+: hits 1 of 1 = 100.0 % \(20.7 % to 100.0 %\), false hits 0 of 20/);
  const drawn = readFileSync(svg, 'utf8');
  expect(drawn.match(/<polyline/g)).toHaveLength(2);
  expect(drawn).not.toMatch(/NaN|undefined|Infinity/);
});

it('says how many pairs a bound takes, and ends with 1', async () => {
  await runCalibrate(write([alike, ...differing]), { maxFalseHits: 0.01 });
  expect(told).toContain('No threshold: 381 pairs that differ are needed to show 1.0 %, and there are 20.');
  expect(process.exitCode).toBe(1);
});

it.each([
  [['{"same": true}'], /pairs\.jsonl: Each line is a pair .*\nline 1: one: /],
  [[alike, 'oops'], /line 2: it is not JSON/],
])('names the lines of a bad file, and ends with 2', async (lines, message) => {
  await runCalibrate(write(lines), { maxFalseHits: 0.01 });
  expect(told).toMatch(message);
  expect(process.exitCode).toBe(2);
});

it('names a file that is not there', async () => {
  await runCalibrate(join(folder, 'none.jsonl'), { maxFalseHits: 0.01 });
  expect(told).toMatch(/none\.jsonl: it cannot be read: .*ENOENT/);
  expect(process.exitCode).toBe(2);
});

it('says that the picture cannot be written, or that the questions cannot be embedded: both ended in a stack', async () => {
  const file = write([alike, ...differing]);
  await runCalibrate(file, { maxFalseHits: 0.2, svg: join(folder, 'nowhere', 'curve.svg') });
  expect(told).toMatch(/the picture cannot be written: .*ENOENT/);
  expect(process.exitCode).toBe(2);
  jest.replaceProperty(process, 'env', { OPENAI_API_KEYS: 'k', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' });
  await runCalibrate(file, { maxFalseHits: 0.2 });
  expect(told).toMatch(/text-embedding\S+ did not embed the questions: .*\. Its provider is that of OPENAI_API_KEYS/);
});
