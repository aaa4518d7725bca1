import shared from '../../jest.config.js';

/** The system tests: real parts, one suite after the other, as two cores do not carry more. */
export default {
  ...shared,
  rootDir: '../..',
  maxWorkers: 1,
  // Starting a control plane takes half a minute on a quiet machine, and ten times that on a busy one.
  testTimeout: 900_000,
  testMatch: ['<rootDir>/test/system/**/*.system.ts'],
};
