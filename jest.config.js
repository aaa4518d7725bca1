/** Tests run from source: SWC strips the types (.swcrc), Node runs the ES modules. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/build/', '<rootDir>/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^armature/(.*)$': '<rootDir>/$1/index.ts',
  },
  transform: { '^.+\\.ts$': '@swc/jest' },
};
