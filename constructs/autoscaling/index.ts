export * from './autoscaler.js';
export { type ScalingBehavior, scalingBehavior, type ScalingRules, scalingRules } from './scaling-behavior.js';
export type { MetricsSource, ScalingTarget } from './scaling-target.js';
