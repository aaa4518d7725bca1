import type { ScalingRules } from './hpa-spec.js';
import type { HpaState, ScaleEvent } from './hpa-state.js';
import { int32, int32OfFloat } from './int32.js';

// kubernetes v1.34, pkg/controller/podautoscaler/horizontal.go

/** Remembers a change, in the place of the last one that has become too old for its direction's rules. */
export function withScaleEvent(
  state: HpaState,
  rules: { readonly scaleUp: ScalingRules; readonly scaleDown: ScalingRules },
  from: number,
  to: number,
  nowMs: number,
): HpaState {
  return to > from
    ? { ...state, scaleUps: withEvent(state.scaleUps, rules.scaleUp, to - from, nowMs) }
    : { ...state, scaleDowns: withEvent(state.scaleDowns, rules.scaleDown, from - to, nowMs) };
}

function withEvent(
  events: readonly ScaleEvent[],
  { policies }: ScalingRules,
  change: number,
  nowMs: number,
): readonly ScaleEvent[] {
  const cutoffMs = nowMs - 1000 * Math.max(0, ...policies.map(({ periodSeconds }) => periodSeconds));
  const marked = events.slice();
  let place = marked.length;
  for (let i = 0; i < marked.length; i++) {
    const event = marked[i] as ScaleEvent;
    if (!event.isOutdated && event.atMs < cutoffMs) marked[i] = { ...event, isOutdated: true };
    if (marked[i]?.isOutdated) place = i;
  }
  marked[place] = { change, atMs: nowMs, isOutdated: false };
  return marked;
}

/** Most replicas that scaling up may reach now. */
export function scaleUpLimit(current: number, state: HpaState, rules: ScalingRules, nowMs: number): number {
  const { policies, selectPolicy } = rules;
  if (selectPolicy === 'Disabled') return current;
  const isMildest = selectPolicy === 'Min';
  let limit = isMildest ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  for (const { type, value, periodSeconds } of policies) {
    const start = replicasBefore(current, state, nowMs - 1000 * periodSeconds);
    const proposal = type === 'Pods' ? int32(start + value) : int32OfFloat(Math.ceil(start * (1 + value / 100)));
    limit = isMildest ? Math.min(limit, proposal) : Math.max(limit, proposal);
  }
  return limit;
}

/** Fewest replicas that scaling down may reach now. */
export function scaleDownLimit(current: number, state: HpaState, rules: ScalingRules, nowMs: number): number {
  const { policies, selectPolicy } = rules;
  if (selectPolicy === 'Disabled') return current;
  const isMildest = selectPolicy === 'Min';
  let limit = isMildest ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  for (const { type, value, periodSeconds } of policies) {
    const start = replicasBefore(current, state, nowMs - 1000 * periodSeconds);
    const proposal = type === 'Pods' ? int32(start - value) : int32OfFloat(start * (1 - value / 100));
    limit = isMildest ? Math.max(limit, proposal) : Math.min(limit, proposal);
  }
  return limit;
}

/** As many as there would be without what was changed since. */
function replicasBefore(current: number, { scaleUps, scaleDowns }: HpaState, sinceMs: number): number {
  return current - changeSince(scaleUps, sinceMs) + changeSince(scaleDowns, sinceMs);
}

function changeSince(events: readonly ScaleEvent[], sinceMs: number): number {
  let total = 0;
  for (const { change, atMs } of events) if (atMs > sinceMs) total += change;
  return total;
}
