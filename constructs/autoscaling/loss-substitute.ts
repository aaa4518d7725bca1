import type { Substitute } from '../observability/recording-rule.js';
import type { ScalingTarget } from './scaling-target.js';

/** The autoscaler ignores what is within a tenth of its target, and would stop that much short of the ceiling. */
const PAST_TOLERANCE = 2;

/**
 * What must stand for a target's metric while it is lost, or `undefined` where the autoscaler is to hold. At the ceiling each pod, or
 * all together, have what the most replicas could not serve.
 */
export function lossSubstitute(
  { averageValue, onMetricLoss = 'hold' }: ScalingTarget,
  maxReplicas: number,
): Substitute | undefined {
  if (onMetricLoss === 'hold') return undefined;
  return {
    answer: onMetricLoss,
    value: onMetricLoss === 'floor' ? 0 : averageValue * maxReplicas * PAST_TOLERANCE,
  };
}
