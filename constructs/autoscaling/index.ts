export * from './autoscaler.js';
export { type ScalingBehavior, type ScalingRules, scalingBehavior, scalingRules } from './scaling-behavior.js';
export type { MetricsSource, ScalingTarget } from './scaling-target.js';
