import { spawnSync } from 'node:child_process';
import shared from '../../jest.config.js';

/** What this machine has not got and tools/setup.sh cannot get: Pulumi's engine comes from its vendor only. */
const lacksPulumi = spawnSync('pulumi', ['version']).error !== undefined;
if (lacksPulumi) process.stderr.write('Not run: test/system/pulumi.system.ts, for pulumi is not on the PATH\n');

/** The system tests: real parts, one suite after the other, as two cores do not carry more. */
export default {
  ...shared,
  rootDir: '../..',
  maxWorkers: 1,
  // Starting a control plane takes half a minute on a quiet machine, and ten times that on a busy one.
  testTimeout: 900_000,
  testMatch: ['<rootDir>/test/system/**/*.system.ts'],
  testPathIgnorePatterns: [...shared.testPathIgnorePatterns, ...(lacksPulumi ? ['/pulumi\\.system\\.ts$'] : [])],
};
