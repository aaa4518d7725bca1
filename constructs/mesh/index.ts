export * from './canary-release.js';
export { CanaryReleaseDefinition } from './canary-release-definition.js';
export * from './mesh.js';
export { ServiceRoute, type ServiceRouteProps } from './service-route.js';
export type { TrafficPolicyProps } from './traffic-policy.js';
