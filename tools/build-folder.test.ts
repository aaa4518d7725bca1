import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pruneBuild, updateBuild } from './build-folder.js';
import { projectFolder } from './sources.js';

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'armature-build-'));
  copyFileSync(join(projectFolder, '.swcrc'), join(project, '.swcrc'));
});
afterEach(() => rmSync(project, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), content);
}

function built(path: string): string {
  return readFileSync(join(project, 'build', path), 'utf8');
}

test('a source is written without its types, and nothing else of it changes', async () => {
  write(
    'app/greet.ts',
    "import type { Name } from './name.js';\nexport const greet = (name: Name): string => name.trim();\n",
  );
  await updateBuild(project, ['app']);
  expect(built('app/greet.js')).toBe('export const greet = (name)=>name.trim();\n//# sourceMappingURL=greet.js.map\n');
});

test('tests, conformance suites and fixtures are left out; the parts of a page are copied', async () => {
  write('app/a.ts', '');
  write('app/a.test.ts', '');
  write('app/a.conformance.ts', '');
  write('app/fixtures/page.html', '');
  write('app/console/index.html', '<p>Hello</p>');
  await updateBuild(project, ['app']);
  expect(built('app/console/index.html')).toBe('<p>Hello</p>');
  expect(readdirSync(join(project, 'build'), { recursive: true }).map(String).sort()).toEqual([
    'app',
    'app/a.js',
    'app/a.js.map',
    'app/console',
    'app/console/index.html',
  ]);
});

test('only what changed since the last time is written again', async () => {
  write('app/a.ts', 'export const a = 1;');
  write('cli/b.ts', 'export const b = 1;');
  write('app/page.css', 'p {}');
  expect(await updateBuild(project, ['app', 'cli'])).toBe(3);
  expect(await updateBuild(project, ['app', 'cli'])).toBe(0);

  write('cli/b.ts', 'export const b = 2;');
  const later = statSync(join(project, 'build/cli/b.js')).mtimeMs / 1000 + 1;
  utimesSync(join(project, 'cli/b.ts'), later, later);
  expect(await updateBuild(project, ['app', 'cli'])).toBe(1);
  expect(built('cli/b.js')).toContain('const b = 2');
});

test('what no source makes any more is removed', async () => {
  write('app/kept.ts', '');
  write('app/page.css', '');
  write('app/gone.ts', '');
  await updateBuild(project, ['app']);
  rmSync(join(project, 'app/gone.ts'));
  pruneBuild(project, ['app']);
  expect(readdirSync(join(project, 'build/app')).sort()).toEqual(['kept.js', 'kept.js.map', 'page.css']);
});

test('a source that is not TypeScript is refused with its place', async () => {
  write('app/broken.ts', 'export const = 1;');
  await expect(updateBuild(project, ['app'])).rejects.toThrow(/broken\.ts/);
});
