import { spawnSync } from 'node:child_process';
import shared from '../../jest.config.js';

/** @param {string} what */
const refuse = (what) => {
  process.stderr.write(`test:cluster: ${what}\n`);
  process.exit(2);
};
if (!process.env.KUBECONFIG)
  refuse('needs a cluster that may be thrown away: set KUBECONFIG (docs/how-to/cluster-test.md)');
const version = spawnSync('kubectl', ['version', '-o', 'json', '--request-timeout=10s'], { encoding: 'utf8' });
if (version.error) refuse('kubectl is not on the PATH');
if (version.status !== 0) refuse(`the cluster of ${process.env.KUBECONFIG} does not answer: ${version.stderr.trim()}`);

/** The platform on a real cluster, one suite after the other. */
export default {
  ...shared,
  rootDir: '../..',
  maxWorkers: 1,
  testTimeout: 900_000,
  testMatch: ['<rootDir>/test/cluster/*.cluster.ts'],
};
