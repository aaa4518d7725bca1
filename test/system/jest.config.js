import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import shared from '../../jest.config.js';

const tools = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'armature', 'tools');
/** Suites whose judge is not there and tools/setup.sh cannot get everywhere. */
const NOT_RUN = [
  {
    name: 'pulumi',
    why: 'pulumi, which comes from its vendor only, is not on the PATH',
    not: spawnSync('pulumi', ['version']).error,
  },
  { name: 'queues-4', why: 'RabbitMQ 4.0 comes from Debian only', not: !existsSync(join(tools, 'rabbitmq-4.0')) },
].filter(({ not }) => not);
for (const { name, why } of NOT_RUN) process.stderr.write(`Not run: test/system/${name}.system.ts, for ${why}\n`);

/** Suites that mostly wait: for periods of autoscaling, steps of a release, a failover, slow stores, scrapes, servers that start again. They wait beside each other. */
const WAITING = [
  'controllers-autoscaling',
  'canary/canary',
  'redis-sentinel',
  'bad-network',
  'live-alerts',
  'live-metrics',
  'backups',
  'restore-page',
  'queues-4',
];

/** @param {readonly string[]} names */
const suites = (names) => names.map((name) => `<rootDir>/test/system/${name}.system.ts`);
const { maxWorkers: _, workerIdleMemoryLimit, workerGracefulExitTimeout, ...each } = shared;
// Of a project within a configuration Jest takes a relative folder to be meant from elsewhere.
const rootDir = fileURLToPath(new URL('../..', import.meta.url));
const project = {
  ...each,
  rootDir,
  testEnvironment: '<rootDir>/test/system/ends-with-jest.js',
  testPathIgnorePatterns: [...shared.testPathIgnorePatterns, ...suites(NOT_RUN.map(({ name }) => name))],
  // Starting a control plane takes half a minute on a quiet machine, and ten times that on a busy one.
  testTimeout: 900_000,
};

/** The system tests: real parts. Two cores carry no more than one suite at work, and three that wait. */
export default {
  rootDir,
  maxWorkers: 3,
  workerIdleMemoryLimit,
  workerGracefulExitTimeout,
  testTimeout: project.testTimeout,
  projects: [
    { ...project, displayName: 'waiting', testMatch: suites(WAITING) },
    {
      ...project,
      displayName: 'working',
      runner: '<rootDir>/test/system/one-by-one.js',
      testMatch: suites(['**/*']),
      testPathIgnorePatterns: [...project.testPathIgnorePatterns, ...suites(WAITING)],
    },
  ],
};
