import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { yamlOf } from '../../constructs/index.js';
import { manifestsOf, Production } from '../../stacks/index.js';
import { at, type Manifest } from '../support/cluster.js';
import type { RenderedEnvironment } from './environments.js';
import { customResourceDefinitions, judge, kubernetesSchemas } from './tools.js';

/** The version that the environments are written for. */
const KUBERNETES = '1.34';

/** Manifests that are judged together. */
export interface Judged {
  readonly files: readonly string[];
}

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
export function kedaAutoscalers({ objects }: Pick<RenderedEnvironment, 'objects'>): readonly string[] {
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

export function kubeScore({ files }: Judged) {
  const { stdout, stderr } = judge('kube-score', [
    'score',
    ...['--kubernetes-version', `v${KUBERNETES}`],
    '--enable-optional-test=container-ports-check',
    '--enable-optional-test=container-seccomp-profile',
    '--enable-optional-test=container-ephemeral-storage-request-equals-limit',
    '--disable-ignore-checks-annotations',
    ...['--output-format', 'json'],
    ...files,
  ]);
  // What it cannot read it refuses as a whole.
  if (stdout === '') return { checks: 0, findings: [stderr] };
  const checks = ((JSON.parse(stdout) ?? []) as ScoredObject[]).flatMap((object) =>
    object.checks.filter(({ skipped }) => !skipped).map((check) => ({ object: object.object_name, ...check })),
  );
  const findings = checks
    .filter(({ grade }) => grade < RIGHT)
    .map(({ object, check, comments }) => `${object}: ${check.id}: ${comments?.map((one) => one.summary).join('; ')}`);
  return { checks: checks.length, findings };
}

export interface CheckovReport {
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

/** All in one run: starting it takes longer than judging. */
export function checkov(judged: readonly Judged[]): CheckovReport {
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

export function failedChecks({ results }: CheckovReport, files: readonly string[]): string[] {
  return results.failed_checks
    .filter(({ file_abs_path }) => files.includes(file_abs_path))
    .map((one) => `${one.resource}: ${one.check_id}: ${one.check_name}`);
}

interface KubeconformReport {
  readonly resources: readonly { filename: string; kind: string; name: string; status: string; msg: string }[];
  readonly summary: { readonly valid: number };
}

/** @param schemas the folder that {@link allSchemas} made */
export function kubeconform({ files }: Judged, schemas: string) {
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
  const findings = resources.map(({ kind, name, msg }) => `${kind}/${name}: ${msg}`);
  return { valid: summary.valid, findings, files: resources.map(({ filename }) => filename) };
}

interface CustomResourceDefinition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { name: string; schema: { openAPIV3Schema: { properties?: object } } }[];
  };
}

/** A folder with the JSON schema of every resource, unknown fields refused as the API server refuses them. */
export function allSchemas(): string {
  const folder = mkdtempSync(join(tmpdir(), 'armature-schemas-'));
  const builtIn = kubernetesSchemas(KUBERNETES);
  for (const file of readdirSync(builtIn)) {
    // They refer to each other by addresses that only their own tool knows.
    const text = readFileSync(join(builtIn, file), 'utf8').replaceAll('/api/_definitions.json', '_definitions.json');
    const { $id: _, ...schema } = JSON.parse(text) as { $id?: string };
    writeFileSync(join(folder, file), JSON.stringify(schema));
  }
  const objects = manifestsOf(Production).objects as readonly Manifest[];
  const own = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
  for (const definition of [...customResourceDefinitions(), ...own]) {
    const { group, names, versions } = (definition as unknown as CustomResourceDefinition).spec;
    for (const { name, schema } of versions) {
      const path = join(folder, group, `${names.kind.toLowerCase()}_${name}.json`);
      mkdirSync(dirname(path), { recursive: true });
      const { openAPIV3Schema } = schema;
      // What every object has; the server knows it without being told.
      const properties = { apiVersion: {}, kind: {}, metadata: {}, ...openAPIV3Schema.properties };
      writeFileSync(path, JSON.stringify(strict({ ...openAPIV3Schema, properties })));
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
