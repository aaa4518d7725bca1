/** Typed constructs for LLM systems on Kubernetes. They know the contract's vocabulary; a platform's own values come by props. */
export * from './autoscaling/index.js';
export { type BadValue, badValues, badValueText } from './bad-value.js';
export * from './check/index.js';
export * from './connection.js';
export * from './data/index.js';
export { PropsError } from './hold-props.js';
export * from './ingress/index.js';
export * from './mesh/index.js';
export { type MeshMode, type MeshRole, meshMode } from './mesh-mode.js';
export * from './observability/index.js';
export * from './patch.js';
export { ownNamespace, type PlatformContext, type Priority, priorityClassName } from './platform-context.js';
export * from './security/index.js';
export { markSourceLine, sourceLine } from './source-line.js';
export { warn, warningsOf } from './warning.js';
export * from './workload/index.js';
export { yamlOf } from './yaml.js';
