/** The vocabulary of a contract, this platform's own contract written in it, and the services' HTTP operations. */
export * from './api/index.js';
export * from './platform/index.js';
export * from './vocabulary/index.js';
