import { expect, test } from '@jest/globals';
import { captureOutput } from './captured-output.fixture.js';
import { runCapacity, runCompare } from './questions.js';
import { runSimulate } from './simulate.js';

const captured = captureOutput();

/** Presses Ctrl-C once so many parts of the work are over. */
function interruptIn(parts: number): void {
  if (parts === 0) process.emit('SIGINT');
  else setImmediate(interruptIn, parts - 1);
}

test('an interrupted search for the capacity tells what is borne so far', async () => {
  interruptIn(4);
  await runCapacity('dev', { slo: [] });
  expect(captured.out).toMatch(/^dev bears 0\.\d+ requests\/s at least; the search was interrupted\./);
  expect(process.exitCode).toBe(130);
});

test('an interrupted comparison tells of the first environment where that is through', async () => {
  interruptIn(60);
  await runCompare('dev', 'dev', { load: 'constant:1@10m', tick: 1 });
  expect(captured.err).toBe('Interrupted before dev was through: this is dev alone.\n');
  expect(captured.out).toMatch(/^dev under constant 1 requests\/s/);
  expect(process.exitCode).toBe(130);
});

test('an interrupted run tells nothing of half a load', async () => {
  interruptIn(3);
  await runSimulate('dev', { load: 'constant:1@10m', engine: 'fluid', seed: 1, tick: 1 });
  expect(captured.err).toMatch(/^Interrupted: /);
  expect(captured.out).toBe('');
  expect(process.exitCode).toBe(130);
});
