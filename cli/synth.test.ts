import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ENVIRONMENT_NAMES } from '../stacks/index.js';
import { UnknownEnvironmentError } from './known-environment.js';
import { OutputError, synth } from './synth.js';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'armature-synth-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

/** Every file below the folder, by its path, with its text. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

describe('synth', () => {
  test('writes every environment, each into its own folder, and leaves nothing else behind', () => {
    synth({ out });
    expect(readdirSync(out).sort()).toEqual([...ENVIRONMENT_NAMES].sort());
    expect(readdirSync(join(out, 'local'))).toEqual([
      '.origins',
      ...['00-foundation.yaml', '01-policies.yaml', '02-data.yaml', '03-observability.yaml', '04-services.yaml'],
    ]);
  });

  test('writes the same bytes each time, and only the named environment', () => {
    synth({ out, env: 'local' });
    const first = contents(out);
    synth({ out, env: 'local' });
    expect(contents(out)).toEqual(first);
    expect(readdirSync(out)).toEqual(['local']);
  });

  test('takes away what an earlier synthesis wrote and this one does not', () => {
    synth({ out, env: 'local' });
    writeFileSync(join(out, 'local', '99-old.yaml'), 'kind: Old');
    synth({ out, env: 'local' });
    expect(readdirSync(join(out, 'local'))).not.toContain('99-old.yaml');
  });

  test('knows no environment of another name, and says which there are', () => {
    synth({ out, env: 'local' });
    const before = contents(out);

    expect(() => synth({ out, env: 'prod' })).toThrow(UnknownEnvironmentError);
    expect(() => synth({ out, env: 'prod' })).toThrow('"prod". There are: local, dev, staging, production.');
    expect(() => synth({ out, env: 'toString' })).toThrow(UnknownEnvironmentError);
    expect(contents(out)).toEqual(before);
  });

  test('says in words that a folder cannot be written to', () => {
    writeFileSync(join(out, 'file'), '');
    expect(() => synth({ out: join(out, 'file'), env: 'local' })).toThrow(OutputError);
    expect(contents(out)).toEqual({ file: '' });
  });

  test('tells which Secrets the pods wait for', () => {
    const [local] = synth({ out, env: 'local' });
    expect(local?.requiredSecrets).toContainEqual({ secret: 'tokens', key: 'jwt-secret' });
  });
});
