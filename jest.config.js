/** Tests run from source: SWC strips the types (.swcrc, tools/jest-transform.js), Node runs the ES modules. */
export default {
  testEnvironment: 'node',
  // Jest leaves a core free by itself: of two that is half.
  maxWorkers: '100%',
  // A worker keeps what it has loaded for every suite, and collecting garbage among that soon costs more than a new process.
  workerIdleMemoryLimit: '1GB',
  // On a busy machine half a second, which is Jest's own, is too little for a process of that size to end in; one that hangs is still told of.
  workerGracefulExitTimeout: 10_000,
  // Machines of CI are shared: a test that waits does so for a condition, and this bound is only for what hangs.
  testTimeout: 60_000,
  testMatch: ['<rootDir>/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/build/', '<rootDir>/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^armature/(.*)$': '<rootDir>/$1/index.ts',
  },
  transform: { '^.+\\.ts$': '<rootDir>/tools/jest-transform.js' },
};
