import type { HpaSpec } from './hpa-spec.js';
import type { Recommendations } from './hpa-state.js';
import { CONTROLLER_DEFAULTS, type ControllerOptions } from './observation.js';

export interface Stabilized {
  readonly replicas: number;
  readonly recommendations: Recommendations;
}

/**
 * Holds what the metrics ask for to the lowest of the window for scaling up and the highest of the one for scaling down, and remembers it
 * (kubernetes v1.34, `stabilizeRecommendationWithBehaviors`; without `behavior`, where nothing holds back scaling up, `stabilizeRecommendation`).
 */
export function stabilize(
  { behavior }: HpaSpec,
  { replicas, atMs }: Recommendations,
  current: number,
  desired: number,
  options: ControllerOptions,
  nowMs: number,
): Stabilized {
  const { upCutoffMs, downCutoffMs } = windowsOf(behavior, options, nowMs);
  let lowest = desired;
  let highest = desired;
  let outdated = replicas.length;
  for (let i = 0; i < replicas.length; i++) {
    const asked = replicas[i] as number;
    const thenMs = atMs[i] as number;
    if (asked < lowest && thenMs > upCutoffMs) lowest = asked;
    // At the very edge the older rule still counts it.
    if (asked > highest && (behavior ? thenMs > downCutoffMs : thenMs >= downCutoffMs)) highest = asked;
    if (thenMs < upCutoffMs && thenMs < downCutoffMs) outdated = i;
  }
  const remembered = { replicas: replicas.slice(), atMs: atMs.slice() };
  remembered.replicas[outdated] = desired;
  remembered.atMs[outdated] = nowMs;
  return {
    replicas: behavior ? Math.min(Math.max(current, lowest), highest) : highest,
    recommendations: remembered,
  };
}

function windowsOf(behavior: HpaSpec['behavior'], { downscaleStabilizationMs }: ControllerOptions, nowMs: number) {
  const downSeconds = behavior?.scaleDown.stabilizationWindowSeconds;
  return {
    downCutoffMs: nowMs - (downSeconds === undefined ? downscaleStabilizationMs : 1000 * downSeconds),
    upCutoffMs: nowMs - 1000 * (behavior?.scaleUp.stabilizationWindowSeconds ?? 0),
  };
}

/**
 * Those that can still hold back what comes after the one of this moment, if the spec stays as it is: a lower one for the window of scaling up, a
 * higher one for that of scaling down. With few of them a sync takes half as long; who edits specs keeps them all, as the controller does.
 */
export function stillCounting(
  { behavior }: HpaSpec,
  all: Recommendations,
  nowMs: number,
  options: ControllerOptions = CONTROLLER_DEFAULTS,
): Recommendations {
  const latest = all.atMs.indexOf(nowMs);
  if (latest < 0 || all.atMs.length === 1) return all;
  const { upCutoffMs, downCutoffMs } = windowsOf(behavior, options, nowMs);
  const desired = all.replicas[latest] as number;
  const replicas: number[] = [];
  const atMs: number[] = [];
  for (let i = 0; i < all.atMs.length; i++) {
    const asked = all.replicas[i] as number;
    const thenMs = all.atMs[i] as number;
    const counts = (asked < desired && thenMs > upCutoffMs) || (asked > desired && thenMs > downCutoffMs);
    if (!counts && i !== latest) continue;
    replicas.push(asked);
    atMs.push(thenMs);
  }
  return { replicas, atMs };
}
