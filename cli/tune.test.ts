import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { captureOutput } from './captured-output.fixture.js';
import { EXIT_FINDINGS, EXIT_USAGE } from './exit-codes.js';
import { runFit } from './fit.js';
import { runTune } from './tune.js';

let folder: string;
const captured = captureOutput();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'armature-tune-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('tells what to change, and writes the page where it is wanted', async () => {
  const html = join(folder, 'tune.html');
  await runTune('dev', { load: 'constant:5@10m', slo: ['p99=20s'], seed: 1, html });
  expect(captured.out).toMatch(/^\+ +replicas: \d+,$/m);
  expect(captured.out).toMatch(/^Confirmed request by request\.$/m);
  expect(readFileSync(html, 'utf8')).toMatch(/<svg/);
  expect(process.exitCode ?? 0).toBe(0);
});

test('an interrupted search tells the best that it has found', async () => {
  // Each turn is one part of a run; a run has forty.
  const interruptIn = (turns: number): void => {
    if (turns === 0) process.emit('SIGINT');
    else setImmediate(interruptIn, turns - 1);
  };
  interruptIn(100);
  await runTune('dev', { load: 'constant:5@10m', slo: [], seed: 1, json: true });
  const { trials, confirmation } = JSON.parse(captured.out);
  expect(trials.length).toBeGreaterThan(0);
  expect(confirmation).toEqual({ kind: 'not tried', why: 'the search was ended before' });
  expect(process.exitCode).toBe(130);
});

test('an objective that nothing can keep is refused before the search', async () => {
  await runTune('dev', { load: 'constant:1@5m', slo: ['p99=0s'], seed: 1 });
  expect(captured.err).toMatch(/"p99=0s" is no objective/);
  expect(process.exitCode).toBe(EXIT_USAGE);
});

test('a page that has no place is told before the search', async () => {
  await runTune('dev', { load: 'constant:1@10m', slo: [], seed: 1, html: join(folder, 'none', 'tune.html') });
  expect(captured.err).toMatch(/^Cannot write to ".*tune\.html": there is no folder ".*none"\. Make it first/);
  expect(captured.out).toBe('');
  expect(process.exitCode).toBe(EXIT_USAGE);
});

test('ends with 1 where no setting keeps the objectives, and with 2 when it was asked wrongly', async () => {
  await runTune('dev', { load: 'constant:1@10m', slo: ['p50=1ms'], seed: 1 });
  expect(captured.out).toMatch(/^No setting keeps them/m);
  expect(process.exitCode).toBe(EXIT_FINDINGS);
  await runTune('dev', { load: 'constant:1', slo: ['nobody.p99=1s'], seed: 1 });
  expect(captured.err).toMatch(/"nobody" is no workload of dev/);
  expect(process.exitCode).toBe(EXIT_USAGE);
});

test('times of models that were assumed stay where none was recorded', async () => {
  const name = 'llm_request_duration_seconds';
  const series = [
    ['http_request_duration_seconds_count', { job: 'chat', method: 'POST', endpoint: '/chat' }, 10],
    ['http_request_duration_seconds_sum', { job: 'chat', method: 'POST', endpoint: '/chat' }, 1],
    [`${name}_count`, { model: 'gpt-4o' }, 10],
    [`${name}_sum`, { model: 'gpt-4o' }, 20],
  ] as const;
  const result = series.map(([__name__, labels, grown]) => ({
    metric: { __name__, ...labels },
    values: [
      [0, '0'],
      [60, String(grown)],
    ],
  }));
  const recorded = join(folder, 'recorded.json');
  writeFileSync(recorded, JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
  const assume = join(folder, 'ours.json');
  writeFileSync(assume, '{"models":{"latencyMs":{"our-own":900}}}');
  await runFit([recorded], { assume });
  expect(JSON.parse(captured.out).models.latencyMs).toEqual({ 'our-own': 900, 'gpt-4o': 2000 });
});

test('an export that nothing can be fitted from is refused with its file', async () => {
  const file = join(folder, 'export.json');
  writeFileSync(file, '{"status":"error","error":"query timed out"}');
  await runFit([file], {});
  expect(captured.err).toBe(`${file}: is Prometheus's refusal: query timed out\n`);
  await runFit([join(folder, 'none.json')], {});
  expect(captured.err).toMatch(/none\.json: cannot be read: .*ENOENT/);
  expect(process.exitCode).toBe(EXIT_USAGE);
});
