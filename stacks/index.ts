/** Environments as parameterised stacks: subclass one, or build a `PlatformStack` from a config of your own. */
export { type DashboardSources, platformDashboards } from './dashboards/index.js';
export {
  type EnvironmentConfig,
  EnvironmentConfigError,
  type EnvironmentConfigInput,
  environmentConfig,
  parseEnvironmentConfig,
} from './environment-config.js';
export * from './environments/index.js';
export { thirdPartyImages } from './images.js';
export { type Manifests, manifestsOf, type ObjectOrigin } from './manifests.js';
export { anyNode, separatePools } from './node-pools.js';
export { PlatformStack } from './platform-stack.js';
export type { PlatformStores } from './platform-stores.js';
export { type Autoscaled, Scaling, type ScalingChoice } from './scaling.js';
export { secrets } from './secret-names.js';
export { type ServicePlan, servicePlan } from './service-plan.js';
export type { Site } from './site.js';
export { chapterResources, largeStore, smallStore } from './sizes.js';
