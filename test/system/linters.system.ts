import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadAll } from 'js-yaml';
import { yamlOf } from '../../constructs/index.js';
import { at } from '../support/cluster.js';
import { type RenderedEnvironment, releasedEnvironments } from './environments.js';
import { crdFiles, judge, kubernetesSchemas } from './tools.js';

/** The version that the environments are written for. */
const KUBERNETES = '1.34';

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
    const { checks, findings } = kubeScore(environment);
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

/** Grades of kube-score's JSON output: 10 is right, 7 and less a warning or worse. */
const RIGHT = 10;

interface ScoredObject {
  readonly object_name: string;
  readonly checks: readonly {
    readonly check: { readonly id: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

/** The HPAs that KEDA makes of an environment's ScaledObjects, in a file: kube-score looks for what decides on the replicas. */
function kedaAutoscalers({ objects }: RenderedEnvironment): readonly string[] {
  const made = objects
    .filter(({ kind }) => kind === 'ScaledObject')
    .map((one) => ({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: `keda-hpa-${one.metadata.name}`, namespace: one.metadata.namespace },
      spec: {
        scaleTargetRef: at(one, 'spec.scaleTargetRef'),
        minReplicas: at(one, 'spec.minReplicaCount'),
        maxReplicas: at(one, 'spec.maxReplicaCount'),
      },
    }));
  if (made.length === 0) return [];
  const file = join(mkdtempSync(join(tmpdir(), 'armature-keda-')), 'made-by-keda.yaml');
  writeFileSync(file, yamlOf(...made));
  return [file];
}

function kubeScore(environment: RenderedEnvironment) {
  const { stdout, stderr } = judge('kube-score', [
    'score',
    ...['--kubernetes-version', `v${KUBERNETES}`],
    '--enable-optional-test=container-ports-check',
    '--enable-optional-test=container-seccomp-profile',
    '--enable-optional-test=container-ephemeral-storage-request-equals-limit',
    '--disable-ignore-checks-annotations',
    ...['--output-format', 'json'],
    ...environment.files,
    ...kedaAutoscalers(environment),
  ]);
  if (stdout === '') throw new Error(stderr);
  const checks = (JSON.parse(stdout) as ScoredObject[]).flatMap((object) =>
    object.checks.filter(({ skipped }) => !skipped).map((check) => ({ object: object.object_name, ...check })),
  );
  const findings = checks
    .filter(({ grade }) => grade < RIGHT)
    .map(({ object, check, comments }) => `${object}: ${check.id}: ${comments?.map((one) => one.summary).join('; ')}`);
  return { checks: checks.length, findings };
}

interface CheckovReport {
  readonly summary: { readonly passed: number; readonly skipped: number };
  readonly results: {
    readonly failed_checks: readonly {
      readonly check_id: string;
      readonly check_name: string;
      readonly resource: string;
      readonly file_abs_path: string;
    }[];
  };
}

function checkov(judged: readonly RenderedEnvironment[]): CheckovReport {
  const { stdout, stderr } = judge('checkov', [
    ...['--framework', 'kubernetes'],
    ...['--output', 'json'],
    '--quiet',
    '--skip-download',
    ...judged.flatMap(({ files }) => files).flatMap((file) => ['--file', file]),
  ]);
  if (!stdout.startsWith('{')) throw new Error(`${stdout}${stderr}`);
  return JSON.parse(stdout) as CheckovReport;
}

function failedChecks({ results }: CheckovReport, files: readonly string[]): string[] {
  return results.failed_checks
    .filter(({ file_abs_path }) => files.includes(file_abs_path))
    .map((one) => `${one.resource}: ${one.check_id}: ${one.check_name}`);
}

interface KubeconformReport {
  readonly resources: readonly { kind: string; name: string; status: string; msg: string }[];
  readonly summary: { readonly valid: number };
}

function kubeconform({ files }: RenderedEnvironment, schemas: string) {
  const { stdout, stderr } = judge('kubeconform', [
    '-strict',
    ...['-output', 'json'],
    '-summary',
    ...['-schema-location', join(schemas, '{{.ResourceKind}}{{.KindSuffix}}.json')],
    ...['-schema-location', join(schemas, '{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json')],
    ...files,
  ]);
  if (stdout === '') throw new Error(stderr);
  const { resources, summary } = JSON.parse(stdout) as KubeconformReport;
  return { valid: summary.valid, findings: resources.map(({ kind, name, msg }) => `${kind}/${name}: ${msg}`) };
}

interface CustomResourceDefinition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { name: string; schema: { openAPIV3Schema: { properties?: object } } }[];
  };
}

/** A folder with the JSON schema of every resource, unknown fields refused as the API server refuses them. */
function allSchemas(): string {
  const folder = mkdtempSync(join(tmpdir(), 'armature-schemas-'));
  const builtIn = kubernetesSchemas(KUBERNETES);
  for (const file of readdirSync(builtIn)) {
    // They refer to each other by addresses that only their own tool knows.
    const text = readFileSync(join(builtIn, file), 'utf8').replaceAll('/api/_definitions.json', '_definitions.json');
    const { $id: _, ...schema } = JSON.parse(text) as { $id?: string };
    writeFileSync(join(folder, file), JSON.stringify(schema));
  }
  for (const file of crdFiles()) {
    for (const definition of loadAll(readFileSync(file, 'utf8')) as (CustomResourceDefinition | null)[]) {
      for (const { name, schema } of definition?.spec.versions ?? []) {
        if (!definition) continue;
        const { group, names } = definition.spec;
        const path = join(folder, group, `${names.kind.toLowerCase()}_${name}.json`);
        mkdirSync(dirname(path), { recursive: true });
        const { openAPIV3Schema } = schema;
        // What every object has; the server knows it without being told.
        const properties = { apiVersion: {}, kind: {}, metadata: {}, ...openAPIV3Schema.properties };
        writeFileSync(path, JSON.stringify(strict({ ...openAPIV3Schema, properties })));
      }
    }
  }
  return folder;
}

function strict(schema: unknown, parent = ''): unknown {
  if (Array.isArray(schema)) return schema.map((one) => strict(one));
  if (typeof schema !== 'object' || schema === null) return schema;
  const fields = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value, key)]));
  const isClosed =
    parent !== 'properties' && 'properties' in schema && !('x-kubernetes-preserve-unknown-fields' in schema);
  const alternatives = ['anyOf', 'oneOf', 'allOf', 'not'].includes(parent);
  return isClosed && !alternatives && !('additionalProperties' in schema)
    ? { ...fields, additionalProperties: false }
    : fields;
}
