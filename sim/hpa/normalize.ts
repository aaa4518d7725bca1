import type { HpaSpec } from './hpa-spec.js';
import type { HpaCondition, HpaState, Recommendations } from './hpa-state.js';
import type { ControllerOptions } from './observation.js';
import { scaleDownLimit, scaleUpLimit } from './scale-events.js';
import { stabilize } from './stabilize.js';

/** What becomes of the replicas that the metrics ask for. */
export interface Normalized {
  readonly replicas: number;
  readonly recommendations: Recommendations;
  readonly ableToScale: HpaCondition;
  readonly scalingLimited: HpaCondition;
}

// Each the same object at every sync: that is how a condition that stays is known.
const READY: HpaCondition = { isTrue: true, reason: 'ReadyForNewScale' };
const UP_STABILIZED: HpaCondition = { isTrue: true, reason: 'ScaleUpStabilized' };
const DOWN_STABILIZED: HpaCondition = { isTrue: true, reason: 'ScaleDownStabilized' };

/**
 * Steadies a recommendation by the ones before it, then holds it to the pace of the spec's behaviour and to floor and ceiling
 * (kubernetes v1.34, `normalizeDesiredReplicas` and `normalizeDesiredReplicasWithBehaviors`).
 */
export function normalize(
  spec: HpaSpec,
  state: HpaState,
  current: number,
  desired: number,
  options: ControllerOptions,
  nowMs: number,
): Normalized {
  const { replicas: steady, recommendations } = stabilize(
    spec,
    state.recommendations,
    current,
    desired,
    options,
    nowMs,
  );
  const { replicas, limited } = spec.behavior
    ? heldToPace(spec, state, current, steady, nowMs)
    : heldToFactor(spec, current, steady);
  const stabilized = spec.behavior && desired >= current ? UP_STABILIZED : DOWN_STABILIZED;
  return {
    replicas,
    recommendations,
    ableToScale: steady === desired ? READY : stabilized,
    scalingLimited: limited,
  };
}

interface Held {
  readonly replicas: number;
  readonly limited: HpaCondition;
}

const UNLIMITED: HpaCondition = { isTrue: false, reason: 'DesiredWithinRange' };
const PACE_UP: HpaCondition = { isTrue: true, reason: 'ScaleUpLimit' };
const PACE_DOWN: HpaCondition = { isTrue: true, reason: 'ScaleDownLimit' };
const CEILING: HpaCondition = { isTrue: true, reason: 'TooManyReplicas' };
const FLOOR: HpaCondition = { isTrue: true, reason: 'TooFewReplicas' };

function heldToPace(
  { behavior, minReplicas, maxReplicas }: HpaSpec,
  state: HpaState,
  current: number,
  desired: number,
  nowMs: number,
): Held {
  if (behavior && desired > current) {
    const pace = Math.max(current, scaleUpLimit(current, state, behavior.scaleUp, nowMs));
    const most = Math.min(maxReplicas, pace);
    if (desired > most) return { replicas: most, limited: maxReplicas > pace ? PACE_UP : CEILING };
  }
  if (behavior && desired < current) {
    const pace = Math.min(current, scaleDownLimit(current, state, behavior.scaleDown, nowMs));
    const fewest = Math.max(minReplicas, pace);
    if (desired < fewest) return { replicas: fewest, limited: minReplicas < pace ? PACE_DOWN : FLOOR };
  }
  return { replicas: desired, limited: UNLIMITED };
}

/** Without `behavior`: at most a doubling or four, whichever is more. */
function heldToFactor({ minReplicas, maxReplicas }: HpaSpec, current: number, desired: number): Held {
  const pace = Math.max(2 * current, 4);
  const most = Math.min(maxReplicas, pace);
  if (desired < minReplicas) return { replicas: minReplicas, limited: FLOOR };
  if (desired > most) return { replicas: most, limited: maxReplicas > pace ? PACE_UP : CEILING };
  return { replicas: desired, limited: UNLIMITED };
}
