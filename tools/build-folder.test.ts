import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { updateBuild } from './build-folder.js';

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'armature-build-'));
  write('package.json', '{ "dependencies": { "fastify": "1" } }');
});
afterEach(() => rmSync(project, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), content);
}

const build = () => updateBuild(project, ['app', 'cli'], ['cli/main.ts']);
const built = (path: string) => readFileSync(join(project, 'build', path), 'utf8');

test('one file holds what an entry needs of ours; packages stay outside', async () => {
  write('app/greet.ts', 'export const greet = (name: string): string => name.trim();');
  write('cli/main.ts', "import 'fastify';\nimport { greet } from '../app/greet.js';\ngreet(' you ');");
  expect(await build()).toBe(true);
  expect(built('cli/main.js')).toContain('import "fastify"');
  expect(built('cli/main.js')).toContain('name.trim()');
});

test('what is unchanged is not built again; an edit, an older file put back and a removal are seen', async () => {
  write('app/a.ts', 'export const a = 1;');
  write('cli/main.ts', "import { a } from '../app/a.js';\nconsole.log(a);");
  expect(await build()).toBe(true);
  expect(await build()).toBe(false);

  write('app/a.ts', 'export const a = 22;');
  expect(await build()).toBe(true);
  expect(built('cli/main.js')).toContain('a = 22');

  write('app/a.ts', 'export const a = 33;');
  utimesSync(join(project, 'app/a.ts'), 1, 1);
  expect(await build()).toBe(true);
  expect(built('cli/main.js')).toContain('a = 33');

  rmSync(join(project, 'app/a.ts'));
  await expect(build()).rejects.toThrow(/app\/a\.js/);
});

test('a source that is not TypeScript is refused with its place, and is tried again the next time', async () => {
  write('cli/main.ts', 'export const = 1;');
  await expect(build()).rejects.toThrow(/main\.ts:1/);
  write('cli/main.ts', 'export const a = 1;');
  expect(await build()).toBe(true);
});
