export * from './autoscaler.js';
export type { AutoscalerProps, KedaSource } from './autoscaler-props.js';
export { type KedaBackend, MetricsBackend, metricsBackend } from './metrics-backend.js';
export { meanOverPods, podCount } from './release-series.js';
export { type ScalingBehavior, type ScalingRules, scalingBehavior, scalingRules } from './scaling-behavior.js';
export { type MetricsSource, type ScalingTarget, sourceOf } from './scaling-target.js';
