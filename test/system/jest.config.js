import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import shared from '../../jest.config.js';

/** What this machine has not got and tools/setup.sh cannot get: Pulumi's engine comes from its vendor only. */
const lacksPulumi = spawnSync('pulumi', ['version']).error !== undefined;
if (lacksPulumi) process.stderr.write('Not run: test/system/pulumi.system.ts, for pulumi is not on the PATH\n');

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
      testPathIgnorePatterns: [
        ...shared.testPathIgnorePatterns,
        ...suites(WAITING),
        ...(lacksPulumi ? ['/pulumi\\.system\\.ts$'] : []),
      ],
    },
  ],
};
