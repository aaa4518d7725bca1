/** The vocabulary of a contract, and this platform's own contract written in it. */
export * from './platform/index.js';
export * from './vocabulary/index.js';
