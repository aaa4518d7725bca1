/**
 * Processor time of the compiled `armature synth` over all environments, against a stock cdk8s app that re-emits exactly the
 * same objects. A YAML writer by hand is shown beside them: what the writing alone costs. Run `npm run build` first.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { loadAll, YAML11_SCHEMA } from 'js-yaml';
import { alternate, judge, mean } from './comparison.js';
import { endedChildrenMs } from './processor-time.js';

const ROUNDS = 15;
const BOUND = 1.5;

/** Objects of every file that a synthesis wrote, by the file's path without its ending. */
type Manifests = Record<string, unknown[]>;

const work = mkdtempSync(join(tmpdir(), 'armature-synthesis-'));
const objectsFile = join(work, 'objects.json');
const subjects = {
  armature: command('../build/cli/main.js', 'synth', '--out', join(work, 'armature')),
  'stock cdk8s': command('peers/stock-cdk8s.js', objectsFile, join(work, 'stock')),
  'writer by hand': command('peers/yaml-by-hand.js', objectsFile, join(work, 'hand')),
};

try {
  run(subjects.armature);
  const manifests = readManifests(join(work, 'armature'));
  writeFileSync(objectsFile, JSON.stringify(manifests));
  for (const [name, folder] of [
    ['stock cdk8s', 'stock'],
    ['writer by hand', 'hand'],
  ] as const) {
    run(subjects[name]);
    mustBeSame(name, readManifests(join(work, folder)), manifests);
  }
  const objects = Object.values(manifests).reduce((sum, documents) => sum + documents.length, 0);
  console.log(`${objects} objects in ${Object.keys(manifests).length} files, mean of ${ROUNDS} rounds:`);

  const {
    armature,
    'stock cdk8s': stock,
    'writer by hand': hand,
  } = await alternate(ROUNDS, {
    armature: () => run(subjects.armature),
    'stock cdk8s': () => run(subjects['stock cdk8s']),
    'writer by hand': () => run(subjects['writer by hand']),
  });
  for (const [name, times] of Object.entries({ armature, 'stock cdk8s': stock, 'writer by hand': hand })) {
    console.log(`      ${name.padEnd(16)}${mean(times).toFixed(0)} ms`);
  }
  judge('synthesis against stock cdk8s', mean(armature) / mean(stock), BOUND, 'times');
} finally {
  rmSync(work, { recursive: true });
}

function command(script: string, ...args: string[]): string[] {
  return [fileURLToPath(new URL(script, import.meta.url)), ...args];
}

/** @returns processor time in ms */
function run(args: readonly string[]): number {
  const before = endedChildrenMs();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return endedChildrenMs() - before;
}

function readManifests(folder: string): Manifests {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file));
  return Object.fromEntries(
    files
      .sort()
      .map((file) => [
        file.replace(/(\.k8s)?\.ya?ml$/, ''),
        loadAll(readFileSync(join(folder, file), 'utf8'), { schema: YAML11_SCHEMA }),
      ]),
  );
}

function mustBeSame(name: string, actual: Manifests, expected: Manifests): void {
  if (isDeepStrictEqual(actual, expected)) return;
  const file = Object.keys(expected).find((key) => !isDeepStrictEqual(actual[key], expected[key]));
  const at = expected[file ?? '']?.findIndex((object, i) => !isDeepStrictEqual(actual[file ?? '']?.[i], object)) ?? -1;
  throw new Error(`${name} wrote other objects than Armature, first in ${file}, document ${at}: no comparison.`);
}
