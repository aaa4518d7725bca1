import type { HpaSpec, MetricSpec } from './hpa-spec.js';
import type { HpaCondition, HpaConditions, HpaState } from './hpa-state.js';
import { normalize } from './normalize.js';
import { CONTROLLER_DEFAULTS, type ControllerOptions, type Observation } from './observation.js';
import { proposedReplicas, type Sync } from './replica-calculator.js';
import { withScaleEvent } from './scale-events.js';
import { tolerancesOf } from './tolerances.js';

/** What one sync decides. */
export interface Reconciled {
  /** Replicas that the target is to have from now on. */
  readonly replicas: number;
  readonly state: HpaState;
}

const FAILED: Record<MetricSpec['type'], HpaCondition> = {
  Resource: { isTrue: false, reason: 'FailedGetResourceMetric' },
  ContainerResource: { isTrue: false, reason: 'FailedGetContainerResourceMetric' },
  Pods: { isTrue: false, reason: 'FailedGetPodsMetric' },
  Object: { isTrue: false, reason: 'FailedGetObjectMetric' },
  External: { isTrue: false, reason: 'FailedGetExternalMetric' },
};

const ABLE: HpaCondition = { isTrue: true, reason: 'SucceededGetScale' };
const RESCALED: HpaCondition = { isTrue: true, reason: 'SucceededRescale' };
const FOUND: HpaCondition = { isTrue: true, reason: 'ValidMetricFound' };
const DISABLED: HpaCondition = { isTrue: false, reason: 'ScalingDisabled' };

/**
 * One sync of the HorizontalPodAutoscaler controller of kube-controller-manager 1.34 (`reconcileAutoscaler`,
 * pkg/controller/podautoscaler/horizontal.go): the same replicas and the same conditions for the same observation.
 *
 * @param nowMs on the clock of the observation's times
 */
export function reconcile(
  spec: HpaSpec,
  state: HpaState,
  observation: Observation,
  nowMs: number,
  options: ControllerOptions = CONTROLLER_DEFAULTS,
): Reconciled {
  const current = observation.specReplicas;
  const known = initialized(state, current, nowMs);
  const { ScalingActive, ScalingLimited } = known.conditions;

  if (current === 0 && spec.minReplicas !== 0) {
    return { replicas: current, state: withConditions(known, ABLE, DISABLED, ScalingLimited) };
  }
  const bound = Math.min(Math.max(current, spec.minReplicas), spec.maxReplicas);
  if (bound !== current) {
    return rescaled(spec, withConditions(known, RESCALED, ScalingActive, ScalingLimited), current, bound, nowMs);
  }

  const sync = { observation, tolerances: tolerancesOf(spec, options), options, nowMs };
  const wanted = highest(spec, sync);
  if (typeof wanted !== 'number') {
    return { replicas: current, state: withConditions(known, ABLE, wanted, ScalingLimited) };
  }
  const normalized = normalize(spec, known, current, wanted, options, nowMs);
  const { replicas, recommendations, ableToScale, scalingLimited } = normalized;
  const isSame = replicas === current;
  const conditions = conditionsOf(known, isSame ? ableToScale : RESCALED, FOUND, scalingLimited);
  const { scaleUps, scaleDowns } = known;
  const next: HpaState = { recommendations, scaleUps, scaleDowns, conditions };
  return isSame ? { replicas, state: next } : rescaled(spec, next, current, replicas, nowMs);
}

/** The first sync remembers what it found, so that a restart of the controller does not scale down at once. */
function initialized(state: HpaState, current: number, nowMs: number): HpaState {
  if (state.recommendations.atMs.length > 0) return state;
  return { ...state, recommendations: { replicas: [current], atMs: [nowMs] } };
}

/** The most that a metric asks for, or why there is no scaling: while one says nothing not down, while all do not at all. */
function highest({ metrics }: HpaSpec, sync: Sync): number | HpaCondition {
  let desired: number | undefined;
  let failed: HpaCondition | undefined;
  for (let i = 0; i < metrics.length; i++) {
    const metric = metrics[i] as MetricSpec;
    const replicas = proposedReplicas(metric, sync.observation.readings[i], sync);
    if (replicas === undefined) failed ??= FAILED[metric.type];
    // As the controller compares, a 0 gives way to whatever comes after it.
    else if (!desired || replicas > desired) desired = replicas;
  }
  if (failed && (desired === undefined || desired < sync.observation.specReplicas)) return failed;
  return Math.max(0, desired ?? 0);
}

function withConditions(
  state: HpaState,
  able: HpaCondition,
  active: HpaCondition | undefined,
  limited: HpaCondition | undefined,
): HpaState {
  return { ...state, conditions: conditionsOf(state, able, active, limited) };
}

/** Most syncs change none: then they are the same object as before. */
function conditionsOf(
  { conditions }: HpaState,
  AbleToScale: HpaCondition,
  ScalingActive: HpaCondition | undefined,
  ScalingLimited: HpaCondition | undefined,
): HpaConditions {
  if (
    conditions.AbleToScale === AbleToScale &&
    conditions.ScalingActive === ScalingActive &&
    conditions.ScalingLimited === ScalingLimited
  ) {
    return conditions;
  }
  return { AbleToScale, ...(ScalingActive && { ScalingActive }), ...(ScalingLimited && { ScalingLimited }) };
}

function rescaled(spec: HpaSpec, state: HpaState, from: number, to: number, nowMs: number): Reconciled {
  return { replicas: to, state: spec.behavior ? withScaleEvent(state, spec.behavior, from, to, nowMs) : state };
}
