import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { projectFolder } from './sources.js';

const require = createRequire(import.meta.url);
const configuration: { forbidden: { name: string }[] } = require('../.dependency-cruiser.cjs');

/** Files that break a rule, each with what it imports: a path from the project's folder, or a package. */
const REFUSED: readonly [rule: string, from: string, to: string][] = [
  ['no-cycles', 'app/runtime/a.ts', 'app/runtime/b.ts'],
  ['layer-contract', 'contract/looks-at-app.ts', 'app/runtime/clock.ts'],
  ['layer-app', 'app/runtime/looks-at-stacks.ts', 'stacks/index.ts'],
  ['layer-constructs', 'constructs/looks-at-app.ts', 'app/runtime/clock.ts'],
  ['layer-stacks', 'stacks/looks-at-app.ts', 'app/runtime/clock.ts'],
  ['layer-infra', 'infra/looks-at-app.ts', 'app/runtime/clock.ts'],
  ['layer-sim', 'sim/looks-at-infra.ts', 'infra/index.ts'],
  ['contract-is-a-leaf', 'contract/reads-files.ts', 'fs'],
  ['contract-is-a-leaf', 'contract/needs-a-package.ts', 'yaml'],
  ['workloads-are-beneath', 'constructs/workload/knows-mesh.ts', 'constructs/mesh/mesh.ts'],
  ['features-know-no-process', 'app/adapters/knows-service.ts', 'app/services/chat/build-chat.ts'],
  ['features-know-no-process', 'app/semantic-cache/knows-service.ts', 'app/services/chat/build-chat.ts'],
  ['features-know-no-process', 'app/queue/knows-worker.ts', 'app/worker/build-worker.ts'],
  ['adapters-at-the-roots', 'app/llm/knows-adapter.ts', 'app/adapters/redis.ts'],
  ['adapters-at-the-roots', 'app/services/chat/chooses.ts', 'app/adapters/redis.ts'],
  ['services-stand-alone', 'app/services/chat/calls-rag.ts', 'app/services/rag/build-rag.ts'],
  ['services-stand-alone', 'app/services/chat/calls-worker.ts', 'app/worker/build-worker.ts'],
  ['drivers-in-adapters', 'app/services/chat/dials.ts', 'ioredis'],
  ['drivers-in-adapters', 'cli/dials.ts', '@aws-sdk/client-s3'],
  ['pulumi-in-infra', 'stacks/deploys.ts', '@pulumi/pulumi'],
  ['cdk8s-in-the-cluster-half', 'app/runtime/synthesises.ts', 'cdk8s-plus-28'],
  ['cdk8s-in-the-cluster-half', 'contract/synthesises.ts', 'constructs'],
  ['nothing-imports-the-cli', 'bench/looks-at-cli.ts', 'cli/main.ts'],
  ['no-test-code-in-production', 'app/limits/uses-suite.ts', 'app/limits/limiter.conformance.ts'],
  ['no-test-code-in-production', 'stacks/uses-support.ts', 'test/support.ts'],
  ['no-test-code-in-production', 'app/runtime/uses-jest.ts', '@jest/globals'],
  ['no-dev-dependency-in-production', 'app/runtime/uses-dev-dependency.ts', 'dev-only'],
];

/** Imports that the arrows allow. */
const ALLOWED: readonly [from: string, to: string][] = [
  ['app/runtime/b.ts', 'app/runtime/a.ts'],
  ['app/adapters/redis.ts', 'ioredis'],
  ['app/adapters/redis.ts', 'app/limits/limiter.ts'],
  ['app/services/chat/build-chat.ts', 'app/limits/limiter.ts'],
  ['app/services/chat/main.ts', 'app/adapters/redis.ts'],
  ['app/embedded/start.ts', 'app/services/chat/build-chat.ts'],
  ['app/embedded/start.ts', 'app/adapters/redis.ts'],
  ['app/limits/limiter.ts', 'contract/index.ts'],
  ['app/limits/limiter.test.ts', 'app/adapters/redis.ts'],
  ['app/limits/limiter.test.ts', 'app/limits/limiter.conformance.ts'],
  ['contract/index.ts', 'zod'],
  ['constructs/index.ts', 'cdk8s-plus-28'],
  ['constructs/index.ts', 'contract/index.ts'],
  ['stacks/index.ts', 'constructs/index.ts'],
  ['infra/index.ts', '@pulumi/pulumi'],
  ['sim/index.ts', 'app/limits/limiter.ts'],
  ['cli/main.ts', 'app/embedded/start.ts'],
  ['cli/main.ts', 'stacks/index.ts'],
  ['test/support.ts', 'cli/main.ts'],
];

const folder = mkdtempSync(join(tmpdir(), 'armature-arrows-'));
let violations: { rule: string; from: string; to: string }[];

beforeAll(() => {
  writeProject(folder, [...REFUSED.map(([, from, to]) => [from, to] as const), ...ALLOWED]);
  violations = cruise(folder);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('every rule has an import that it refuses', () => {
  expect(new Set(REFUSED.map(([rule]) => rule))).toEqual(new Set(configuration.forbidden.map(({ name }) => name)));
});

test.each(REFUSED)('%s refuses that %s imports %s', (rule, from, to) => {
  expect(violations).toContainEqual({ rule, from, to });
});

test.each(ALLOWED.slice(1))('%s may import %s', (from, to) => {
  expect(violations.filter((violation) => violation.from === from && violation.to === to)).toEqual([]);
});

function writeProject(root: string, imports: readonly (readonly [from: string, to: string])[]): void {
  const sources = new Map<string, string>();
  for (const [from, to] of imports) {
    const isLocal = to.endsWith('.ts');
    const specifier = isLocal ? `${'../'.repeat(from.split('/').length - 1)}${to.replace(/\.ts$/, '.js')}` : to;
    sources.set(from, `${sources.get(from) ?? ''}import ${JSON.stringify(specifier)};\n`);
    if (!isLocal) sources.set(`node_modules/${to}/index.js`, '');
    else if (!sources.has(to)) sources.set(to, '');
  }
  sources.set(
    'package.json',
    JSON.stringify({ name: 'fixture', type: 'module', devDependencies: { 'dev-only': '1' } }),
  );
  for (const [path, source] of sources) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), source);
  }
  copyFileSync(join(projectFolder, '.dependency-cruiser.cjs'), join(root, '.dependency-cruiser.cjs'));
}

/** Runs the real dependency-cruiser with the project's own rules. */
function cruise(root: string): typeof violations {
  const executable = join(projectFolder, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const output = execFileSync(process.execPath, [executable, '--output-type', 'json', '.'], {
    cwd: root,
    encoding: 'utf8',
  });
  const { summary }: { summary: { violations: { rule: { name: string }; from: string; to: string }[] } } =
    JSON.parse(output);
  return summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to: packageOf(to) ?? to }));
}

function packageOf(path: string): string | undefined {
  return /^node_modules\/((@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}
