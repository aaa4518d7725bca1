import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { App } from 'cdk8s';
import { loadAll, YAML11_SCHEMA } from 'js-yaml';
import { Production } from './environments/index.js';
import { manifestsOf } from './manifests.js';

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'armature-plain-'));
});
afterEach(() => rmSync(outdir, { recursive: true, force: true }));

const objects = (text: string) => loadAll(text, { schema: YAML11_SCHEMA }) as object[];

// cdk8s wrote the data stores before the namespace that they are in.
test('a plain `app.synth()` writes the same objects, in files that sort in the order of an apply', () => {
  const app = new App({ outdir });
  new Production(app);
  app.synth();
  const written = readdirSync(outdir).sort();
  const expected = [...manifestsOf(Production).files];
  expect(written.map((file) => file.replace(/-c8[0-9a-f]{6}\.k8s/, ''))).toEqual(
    expected.map(([file]) => `production-${file}`),
  );
  expect(written.map((file) => objects(readFileSync(join(outdir, file), 'utf8')))).toEqual(
    expected.map(([, text]) => objects(text)),
  );
});
