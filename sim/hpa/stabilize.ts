import type { HpaSpec } from './hpa-spec.js';
import type { Recommendation } from './hpa-state.js';
import type { ControllerOptions } from './observation.js';

export interface Stabilized {
  readonly replicas: number;
  readonly recommendations: readonly Recommendation[];
}

/**
 * Holds what the metrics ask for to the lowest of the window for scaling up and the highest of the one for scaling down, and remembers it
 * (kubernetes v1.34, `stabilizeRecommendationWithBehaviors`; without `behavior`, where nothing holds back scaling up, `stabilizeRecommendation`).
 */
export function stabilize(
  { behavior }: HpaSpec,
  recommendations: readonly Recommendation[],
  current: number,
  desired: number,
  { downscaleStabilizationMs }: ControllerOptions,
  nowMs: number,
): Stabilized {
  const downSeconds = behavior?.scaleDown.stabilizationWindowSeconds;
  const downCutoffMs = nowMs - (downSeconds === undefined ? downscaleStabilizationMs : 1000 * downSeconds);
  const upCutoffMs = nowMs - 1000 * (behavior?.scaleUp.stabilizationWindowSeconds ?? 0);
  let lowest = desired;
  let highest = desired;
  let outdated = recommendations.length;
  for (let i = 0; i < recommendations.length; i++) {
    const { replicas, atMs } = recommendations[i] as Recommendation;
    if (replicas < lowest && atMs > upCutoffMs) lowest = replicas;
    // At the very edge the older rule still counts it.
    if (replicas > highest && (behavior ? atMs > downCutoffMs : atMs >= downCutoffMs)) highest = replicas;
    if (atMs < upCutoffMs && atMs < downCutoffMs) outdated = i;
  }
  const remembered = recommendations.slice();
  remembered[outdated] = { replicas: desired, atMs: nowMs };
  return {
    replicas: behavior ? Math.min(Math.max(current, lowest), highest) : highest,
    recommendations: remembered,
  };
}
