import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, jest } from '@jest/globals';
import { temporaryFolder } from '../test/support/sql-databases.js';
import { runRouteCalibrate, runRouteEval } from './route.js';

const folder = temporaryFolder();
const prompts = join(folder, 'prompts.jsonl');
const broken = join(folder, 'broken.json');
writeFileSync(
  prompts,
  '{"prompt": "hello", "class": "simple"}\n{"prompt": "prove it step by step", "class": "complex"}\n',
);
writeFileSync(broken, '{');

/** @returns where the log is */
function written(...lines: readonly string[]): string {
  const path = join(folder, 'log.jsonl');
  writeFileSync(path, lines.join('\n'));
  return path;
}

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

it.each<[string, () => void, RegExp]>([
  ['no such file', () => runRouteEval(join(folder, 'gone'), {}), /^Cannot read ".*gone": ENOENT/],
  ['a folder', () => runRouteCalibrate(folder, { out: broken }), /^Cannot read/],
  ['no such model', () => runRouteEval(prompts, { model: join(folder, 'gone') }), /^Cannot read ".*gone": ENOENT/],
  [
    'a model that is not JSON',
    () => runRouteEval(prompts, { model: broken }),
    /broken\.json: is not JSON\. Write it by/,
  ],
  [
    'no place for the model',
    () => runRouteCalibrate(prompts, { out: join(folder, 'no', 'model.json') }),
    /^Cannot write to ".*model\.json": ENOENT/,
  ],
  [
    'nothing to judge by',
    () => runRouteEval(written('{"prompt":"a","class":"simple","set":"train"}'), {}),
    /log\.jsonl: each line has "set": "train"\. Lines to judge by have "held-out", or no set\.$/m,
  ],
  [
    'prompts of one class only',
    () => runRouteCalibrate(written('{"prompt":"a","class":"simple"}'), { out: broken }),
    /log\.jsonl: of the lines to fit to all are simple\. It takes prompts of two of simple, medium and complex/,
  ],
  [
    'a log in which the strong model is never better',
    () => runRouteCalibrate(written('{"prompt":"a","weak":1,"strong":true}'), { out: broken }),
    /log\.jsonl: the strong model is better at no prompt, so there is nothing to tell apart\./,
  ],
  [
    'a log in which it always is',
    () => runRouteCalibrate(written('{"prompt":"a","weak":0,"strong":true}'), { out: broken }),
    /the strong model is better at each prompt, .* Add prompts that it answers no better than the weak one\.$/m,
  ],
])('armature route says in a line what is wrong: %s', (_, run, message) => {
  let err = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  run();
  expect(err).toMatch(message);
  expect(err.trimEnd()).not.toContain('\n');
  expect(process.exitCode).toBe(2);
});

it('armature route eval gives figures, or says that it has none, of any log however short', () => {
  let out = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const logs = [
    ['{"prompt":"a","weak":0,"strong":1}'],
    ['{"prompt":"a","weak":0,"strong":0}'],
    ['{"prompt":"a","weak":1,"strong":0}'],
    ['{"prompt":"a","class":"simple"}'],
    ['{"prompt":"a","class":"specialised"}', '{"prompt":"b","class":"specialised"}'],
  ];
  for (const lines of logs) runRouteEval(written(...lines), { svg: join(folder, 'curve.svg') });
  expect(out).toContain('1 prompts; the strong model is no better on them (0.0 %) than the weak one (100.0 %)');
  expect(out + readFileSync(join(folder, 'curve.svg'), 'utf8')).not.toMatch(/NaN|Infinity|undefined/);
});
