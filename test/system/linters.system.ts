import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type RenderedEnvironment, releasedEnvironments } from './environments.js';
import {
  allSchemas,
  type CheckovReport,
  checkov,
  failedChecks,
  kedaAutoscalers,
  kubeconform,
  kubeScore,
} from './linters.js';

const environments = releasedEnvironments();

/** A Deployment that every linter has something to say about: it shows that a linter that is silent has looked. */
const careless: RenderedEnvironment = (() => {
  const file = join(mkdtempSync(join(tmpdir(), 'armature-careless-')), 'careless.yaml');
  writeFileSync(
    file,
    `apiVersion: apps/v1
kind: Deployment
metadata: { name: careless, namespace: careless }
spec:
  replicaz: 2
  selector: { matchLabels: { app: careless } }
  template:
    metadata: { labels: { app: careless } }
    spec:
      containers: [{ name: careless, image: "nginx:latest" }]
`,
  );
  return { name: 'careless', namespace: 'careless', files: [file], objects: [] };
})();

describe('kube-score, its default checks and three more, has nothing to say about', () => {
  test.each(environments)('$name', (environment) => {
    const { checks, findings } = kubeScore({ files: [...environment.files, ...kedaAutoscalers(environment)] });
    expect(findings).toEqual([]);
    expect(checks).toBeGreaterThan(environment.objects.length);
  });

  test('only what is right', () => expect(kubeScore(careless).findings.length).toBeGreaterThan(5));
});

describe('checkov’s kubernetes framework has nothing to say about', () => {
  // In one run: starting it takes longer than judging.
  let report: CheckovReport;
  beforeAll(() => {
    report = checkov([...environments, careless]);
  });

  test.each(environments)('$name', ({ files }) => {
    expect(failedChecks(report, files)).toEqual([]);
  });

  test('only what is right', () => {
    expect(failedChecks(report, careless.files).length).toBeGreaterThan(10);
    expect(report.summary.skipped).toBe(0);
    expect(report.summary.passed).toBeGreaterThan(environments.flatMap(({ objects }) => objects).length);
  });
});

describe('kubeconform, strict and without a kind left out, has nothing to say about', () => {
  let schemas: string;
  beforeAll(() => {
    schemas = allSchemas();
  });

  test.each(environments)('$name', (environment) => {
    const { valid, findings } = kubeconform(environment, schemas);
    expect(findings).toEqual([]);
    expect(valid).toBe(environment.objects.length);
  });

  test('only what is right', () => expect(kubeconform(careless, schemas).findings).toHaveLength(1));
});
