import type { HpaSpec, MetricSpec } from './hpa-spec.js';
import type { HpaCondition, HpaConditions, HpaState } from './hpa-state.js';
import { normalize } from './normalize.js';
import { CONTROLLER_DEFAULTS, type ControllerOptions, type Observation } from './observation.js';
import { proposalOf, type Sync } from './replica-calculator.js';
import { withScaleEvent } from './scale-events.js';
import { tolerancesOf } from './tolerances.js';

/** What one sync decides. */
export interface Reconciled {
  /** Replicas that the target is to have from now on. */
  readonly replicas: number;
  readonly state: HpaState;
}

const FAILED: Record<MetricSpec['type'], string> = {
  Resource: 'FailedGetResourceMetric',
  Pods: 'FailedGetPodsMetric',
  Object: 'FailedGetObjectMetric',
  External: 'FailedGetExternalMetric',
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
  const given = { ...known.conditions, AbleToScale: ABLE };

  if (current === 0 && spec.minReplicas !== 0) return unchanged(known, { ...given, ScalingActive: DISABLED }, current);
  const bound = Math.min(Math.max(current, spec.minReplicas), spec.maxReplicas);
  if (bound !== current) return changed(spec, { ...known, conditions: given }, current, bound, nowMs);

  const sync = { observation, tolerances: tolerancesOf(spec, options), options, nowMs };
  const { desired, active } = highest(spec, sync);
  const conditions = { ...given, ScalingActive: active };
  if (desired === undefined) return unchanged(known, conditions, current);

  const { replicas, recommendations, ableToScale, scalingLimited } = normalize({
    ...{ spec, state: known, current, desired, options, nowMs },
  });
  const next = {
    ...known,
    recommendations,
    conditions: { ...conditions, AbleToScale: ableToScale, ScalingLimited: scalingLimited },
  };
  return replicas === current ? { replicas, state: next } : changed(spec, next, current, replicas, nowMs);
}

/** The first sync remembers what it found, so that a restart of the controller does not scale down at once. */
function initialized(state: HpaState, current: number, nowMs: number): HpaState {
  return state.recommendations.length > 0 ? state : { ...state, recommendations: [{ replicas: current, atMs: nowMs }] };
}

/** The most that a metric asks for. While one says nothing there is no scaling down; while all do, no scaling. */
function highest(
  { metrics }: HpaSpec,
  sync: Sync,
): { readonly desired: number | undefined; readonly active: HpaCondition } {
  let desired: number | undefined;
  let failed: MetricSpec | undefined;
  for (let i = 0; i < metrics.length; i++) {
    const metric = metrics[i] as MetricSpec;
    const { replicas } = proposalOf(metric, i, sync);
    if (replicas === undefined) failed ??= metric;
    else desired = Math.max(0, desired ?? 0, replicas);
  }
  if (failed && (desired === undefined || desired < sync.observation.specReplicas)) {
    return { desired: undefined, active: { isTrue: false, reason: FAILED[failed.type] } };
  }
  return { desired: desired ?? 0, active: FOUND };
}

function unchanged(state: HpaState, conditions: HpaConditions, replicas: number): Reconciled {
  return { replicas, state: { ...state, conditions } };
}

function changed(spec: HpaSpec, state: HpaState, from: number, to: number, nowMs: number): Reconciled {
  const conditions = { ...state.conditions, AbleToScale: RESCALED };
  const next = { ...state, conditions };
  return { replicas: to, state: spec.behavior ? withScaleEvent(next, spec.behavior, from, to, nowMs) : next };
}
