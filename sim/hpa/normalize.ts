import type { HpaSpec } from './hpa-spec.js';
import type { HpaCondition, HpaState } from './hpa-state.js';
import type { ControllerOptions } from './observation.js';
import { scaleDownLimit, scaleUpLimit } from './scale-events.js';

/** What becomes of the replicas that the metrics ask for. */
export interface Normalized {
  readonly replicas: number;
  readonly recommendations: HpaState['recommendations'];
  readonly ableToScale: HpaCondition;
  readonly scalingLimited: HpaCondition;
}

const WITHIN_RANGE = 'DesiredWithinRange';
const READY: HpaCondition = { isTrue: true, reason: 'ReadyForNewScale' };
const UNLIMITED: HpaCondition = { isTrue: false, reason: WITHIN_RANGE };

interface Wish {
  readonly spec: HpaSpec;
  readonly state: HpaState;
  readonly current: number;
  readonly desired: number;
  readonly options: ControllerOptions;
  readonly nowMs: number;
}

/**
 * Steadies a recommendation by the ones before it, then holds it to the pace of the spec's behaviour and to floor and ceiling
 * (kubernetes v1.34, `normalizeDesiredReplicas` and `normalizeDesiredReplicasWithBehaviors`).
 */
export function normalize(wish: Wish): Normalized {
  const { desired } = wish;
  const { replicas: steady, reason } = wish.spec.behavior ? steadied(wish) : steadiedDownwards(wish);
  const paced = wish.spec.behavior ? heldToPace(wish, steady) : heldToFactor(wish, steady);
  return {
    replicas: paced.replicas,
    recommendations: remembered(wish),
    ableToScale: steady === desired ? READY : { isTrue: true, reason },
    scalingLimited: paced.replicas === steady ? UNLIMITED : { isTrue: true, reason: paced.reason },
  };
}

interface Step {
  readonly replicas: number;
  readonly reason: string;
}

/** The windows of both directions. */
function windowsMs({ spec: { behavior }, options }: Wish): { readonly up: number; readonly down: number } {
  const seconds = behavior?.scaleDown.stabilizationWindowSeconds;
  return {
    up: 1000 * (behavior?.scaleUp.stabilizationWindowSeconds ?? 0),
    down: seconds === undefined ? options.downscaleStabilizationMs : 1000 * seconds,
  };
}

/** The lowest of the window for scaling up, the highest of the window for scaling down; between them nothing changes. */
function steadied(wish: Wish): Step {
  const { state, current, desired, nowMs } = wish;
  const { up, down } = windowsMs(wish);
  let lowest = desired;
  let highest = desired;
  for (const { replicas, atMs } of state.recommendations) {
    if (atMs > nowMs - up) lowest = Math.min(lowest, replicas);
    if (atMs > nowMs - down) highest = Math.max(highest, replicas);
  }
  return {
    replicas: Math.min(Math.max(current, lowest), highest),
    reason: desired >= current ? 'ScaleUpStabilized' : 'ScaleDownStabilized',
  };
}

function steadiedDownwards(wish: Wish): Step {
  const { state, desired, nowMs } = wish;
  const sinceMs = nowMs - windowsMs(wish).down;
  const recent = state.recommendations.filter(({ atMs }) => atMs >= sinceMs).map(({ replicas }) => replicas);
  return { replicas: Math.max(desired, ...recent), reason: 'ScaleDownStabilized' };
}

/** The controller writes over what is too old for both windows; nothing reads it any more, so here it is dropped. */
function remembered(wish: Wish): HpaState['recommendations'] {
  const { state, desired, nowMs } = wish;
  const { up, down } = windowsMs(wish);
  const sinceMs = nowMs - Math.max(up, down);
  const kept: HpaState['recommendations'][number][] = [];
  for (let i = 0; i < state.recommendations.length; i++) {
    const one = state.recommendations[i] as (typeof kept)[number];
    if (one.atMs >= sinceMs) kept.push(one);
  }
  kept.push({ replicas: desired, atMs: nowMs });
  return kept;
}

function heldToPace({ spec, state, current, nowMs }: Wish, desired: number): Step {
  const { behavior, minReplicas, maxReplicas } = spec;
  if (behavior && desired > current) {
    const pace = Math.max(current, scaleUpLimit(current, state, behavior.scaleUp, nowMs));
    const most = Math.min(maxReplicas, pace);
    if (desired > most) return { replicas: most, reason: maxReplicas > pace ? 'ScaleUpLimit' : 'TooManyReplicas' };
  }
  if (behavior && desired < current) {
    const pace = Math.min(current, scaleDownLimit(current, state, behavior.scaleDown, nowMs));
    const fewest = Math.max(minReplicas, pace);
    if (desired < fewest) return { replicas: fewest, reason: minReplicas < pace ? 'ScaleDownLimit' : 'TooFewReplicas' };
  }
  return { replicas: desired, reason: WITHIN_RANGE };
}

/** Without `behavior`: at most a doubling or four, whichever is more. */
function heldToFactor({ spec: { minReplicas, maxReplicas }, current }: Wish, desired: number): Step {
  const pace = Math.max(2 * current, 4);
  const most = Math.min(maxReplicas, pace);
  if (desired < minReplicas) return { replicas: minReplicas, reason: 'TooFewReplicas' };
  if (desired > most) return { replicas: most, reason: maxReplicas > pace ? 'ScaleUpLimit' : 'TooManyReplicas' };
  return { replicas: desired, reason: WITHIN_RANGE };
}
