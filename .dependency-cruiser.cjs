/**
 * The arrows of the project: app -> contract, constructs -> contract, stacks -> constructs and contract, cli -> all.
 * Nothing points back. tools/arrows.test.ts shows of each rule what it refuses.
 */

const TEST_CODE = ['\\.(test|conformance|fixture)\\.ts$', '^test/'];

/** What runs, as against the features, adapters and runtime that it is made of. */
const PROCESSES = '^app/(services|worker|embedded)(/|\\.ts$)';

/** Where a process is put together. Besides the adapters themselves, the only code that may name one. */
const COMPOSITION_ROOTS = ['^app/embedded(/|\\.ts$)', '^app/(services/[^/]+|worker|canary)/main\\.ts$'];

/** Modules of one of these packages, installed or not. */
function packages(...names) {
  return `^(node_modules/)?(${names.join('|')})(/|$)`;
}

const DRIVERS = packages(
  ...['ioredis', 'redis', 'pg', 'amqplib', 'rabbitmq-client', 'libsql', 'kysely', '@langchain/qdrant'],
  ...['@libsql/[^/]+', '@qdrant/[^/]+', '@aws-sdk/[^/]+', '@kubernetes/[^/]+'],
);

const LAYERS = ['app', 'cli', 'constructs', 'contract', 'infra', 'sim', 'stacks'];

/** A layer imports itself and what `allowed` names of the others. */
function layer(name, ...allowed) {
  const others = LAYERS.filter((other) => other !== name && !allowed.includes(other));
  return {
    name: `layer-${name}`,
    comment: `${name}/ may import ${allowed.join(', ') || 'no other layer'}.`,
    severity: 'error',
    from: { path: `^${name}/`, pathNot: TEST_CODE },
    to: { path: `^(${others.join('|')})/` },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    layer('contract'),
    layer('app', 'contract'),
    layer('constructs', 'contract'),
    layer('stacks', 'constructs', 'contract'),
    layer('infra', 'stacks', 'constructs', 'contract'),
    layer('sim', 'stacks', 'constructs', 'contract', 'app'),
    {
      name: 'contract-is-a-leaf',
      comment: 'Every side reads the contract, so it may need nothing but the schema library.',
      severity: 'error',
      from: { path: '^contract/', pathNot: TEST_CODE },
      to: { pathNot: ['^contract/', packages('zod')] },
    },
    {
      name: 'workloads-are-beneath',
      comment: 'All other constructs are made around workloads, which know none of them.',
      severity: 'error',
      from: { path: '^constructs/workload/', pathNot: TEST_CODE },
      to: { path: '^constructs/[^/]+/', pathNot: '^constructs/workload/' },
    },
    {
      name: 'features-know-no-process',
      comment: 'Services and workers use features, adapters and the runtime, never the other way round.',
      severity: 'error',
      from: { path: '^app/', pathNot: [PROCESSES, ...COMPOSITION_ROOTS, ...TEST_CODE] },
      to: { path: PROCESSES },
    },
    {
      name: 'adapters-at-the-roots',
      comment: 'Only the code that puts a process together chooses an adapter; everything else takes the port.',
      severity: 'error',
      from: { path: '^app/', pathNot: ['^app/adapters/', ...COMPOSITION_ROOTS, ...TEST_CODE] },
      to: { path: '^app/adapters/' },
    },
    {
      name: 'services-stand-alone',
      comment: 'A service meets another over HTTP or the queue, in one process too.',
      severity: 'error',
      from: { path: '^app/services/([^/]+)/', pathNot: TEST_CODE },
      to: { path: '^app/(services|worker|canary)/', pathNot: '^app/services/$1/' },
    },
    {
      name: 'drivers-in-adapters',
      severity: 'error',
      from: { pathNot: ['^app/adapters/', ...TEST_CODE] },
      to: { path: DRIVERS },
    },
    {
      name: 'pulumi-in-infra',
      severity: 'error',
      from: { pathNot: '^infra/' },
      to: { path: packages('@pulumi/[^/]+') },
    },
    {
      name: 'cdk8s-in-the-cluster-half',
      comment: 'The image of the application installs none of it.',
      severity: 'error',
      from: { pathNot: '^(constructs|stacks|cli|infra|sim|examples|test|bench)/' },
      to: { path: packages('cdk8s', 'cdk8s-plus-\\d+', 'constructs') },
    },
    {
      name: 'nothing-imports-the-cli',
      severity: 'error',
      from: { pathNot: ['^cli/', ...TEST_CODE] },
      to: { path: '^cli/' },
    },
    {
      name: 'no-test-code-in-production',
      severity: 'error',
      from: { path: `^(${LAYERS.join('|')})/`, pathNot: TEST_CODE },
      to: { path: [...TEST_CODE, packages('jest', '@jest/[^/]+', 'fast-check')] },
    },
    {
      name: 'no-dev-dependency-in-production',
      comment: 'The image installs `dependencies` only.',
      severity: 'error',
      from: { path: '^(app|contract)/', pathNot: TEST_CODE },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|dist|coverage)/' },
    // No tsConfig: with its paths, dependency-cruiser takes the package `constructs` for the folder of that name.
    // Types count: a feature that names an adapter's type depends on the adapter.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
    cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'content' },
  },
};
