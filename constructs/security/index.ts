export * from './admission-policies.js';
export {
  NamespaceLimits,
  type NamespaceLimitsProps,
  type NamespaceQuota,
  namespaceQuota,
} from './namespace-limits.js';
export * from './network-policies.js';
export * from './platform-namespace.js';
export { manifestAsCounted } from './pod-group.js';
