import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { LINTERS } from '../seeded-faults/check-fault.js';
import { checkFaults } from '../seeded-faults/check-faults.js';
import { aroundFault, faultyManifests } from '../seeded-faults/faulty-manifests.js';
import type { Manifest } from '../support/cluster.js';
import { releasedEnvironments } from './environments.js';
import { allSchemas, checkov, failedChecks, kubeconform, kubeScore } from './linters.js';

const staging = releasedEnvironments().find(({ name }) => name === 'staging')?.objects ?? [];
const folder = mkdtempSync(join(tmpdir(), 'armature-seeded-'));

/** One file for each set of manifests, however many faults have it. */
const written = new Map<string, string>();
function write(manifests: readonly Manifest[]): string {
  const text = manifests.map((manifest) => dump(manifest)).join('---\n');
  const file = written.get(text) ?? join(folder, `${written.size}.yaml`);
  if (!written.has(text)) writeFileSync(file, text);
  written.set(text, file);
  return file;
}

const cases = checkFaults.map((fault) => ({
  fault,
  right: write(aroundFault(staging, fault)),
  wrong: write(aroundFault(faultyManifests(staging, fault), fault)),
}));

const READ_BY: Readonly<Record<(typeof LINTERS)[number], () => (file: string) => readonly string[]>> = {
  kubeconform: () => {
    const { findings, files } = kubeconform({ files: [...written.values()] }, allSchemas());
    return (file) => findings.filter((_, i) => files[i] === file);
  },
  'kube-score': () => (file) => kubeScore({ files: [file] }).findings,
  checkov: () => {
    const report = checkov([{ files: [...written.values()] }]);
    return (file) => failedChecks(report, [file]);
  },
};

test.each(LINTERS)('%s finds what the page of seeded faults says, and no more', (linter) => {
  const findingsIn = READ_BY[linter]();
  const found = cases.filter(({ right, wrong }) => {
    const before = findingsIn(right);
    return findingsIn(wrong).some((finding) => !before.includes(finding));
  });
  const said = checkFaults.filter(({ foundBy }) => foundBy.includes(linter));
  expect(found.map(({ fault }) => fault.fault)).toEqual(said.map(({ fault }) => fault));
});
