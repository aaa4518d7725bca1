export * from './autoscaler.js';
export { lossSubstitute } from './loss-substitute.js';
export { type ScalingBehavior, type ScalingRules, scalingBehavior, scalingRules } from './scaling-behavior.js';
export { type MetricsSource, type ScalingTarget, sourceOf } from './scaling-target.js';
