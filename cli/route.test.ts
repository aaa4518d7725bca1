import { writeFileSync } from 'node:fs';
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
