export * from './connection.js';
export * from './network-policies.js';
export * from './platform-namespace.js';
