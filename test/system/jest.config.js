import shared from '../../jest.config.js';

/** The system tests: real parts, one suite after the other, as two cores do not carry more. */
export default {
  ...shared,
  rootDir: '../..',
  maxWorkers: 1,
  testTimeout: 300_000,
  testMatch: ['<rootDir>/test/system/**/*.system.ts'],
};
