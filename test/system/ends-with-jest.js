import { createRequire } from 'node:module';

/** @type {typeof import('jest-environment-node')} */
const { TestEnvironment } = createRequire(import.meta.url)('jest-environment-node');

// A worker would go on with its suite, for a quarter of an hour, after Jest itself has been killed. Suites are shown another `process`.
process.once('disconnect', () => process.exit(1));

/** Node's own environment, in a process that ends with Jest; what suites have started ends with it. */
export default TestEnvironment;
