import type { ScalingRules } from './hpa-spec.js';
import type { HpaState, ScaleEvent } from './hpa-state.js';

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
  const marked = events.map((event) => (event.atMs < cutoffMs ? { ...event, isOutdated: true } : event));
  const place = marked.findLastIndex(({ isOutdated }) => isOutdated);
  const event = { change, atMs: nowMs, isOutdated: false };
  return place === -1 ? [...marked, event] : marked.with(place, event);
}

/** Most replicas that scaling up may reach now. */
export function scaleUpLimit(current: number, state: HpaState, rules: ScalingRules, nowMs: number): number {
  return limit(current, state, rules, nowMs, rules.selectPolicy === 'Min' ? Math.min : Math.max, {
    Pods: (start, value) => start + value,
    Percent: (start, value) => Math.ceil(start * (1 + value / 100)),
  });
}

/** Fewest replicas that scaling down may reach now. */
export function scaleDownLimit(current: number, state: HpaState, rules: ScalingRules, nowMs: number): number {
  return limit(current, state, rules, nowMs, rules.selectPolicy === 'Min' ? Math.max : Math.min, {
    Pods: (start, value) => start - value,
    Percent: (start, value) => Math.trunc(start * (1 - value / 100)),
  });
}

function limit(
  current: number,
  { scaleUps, scaleDowns }: HpaState,
  { policies, selectPolicy }: ScalingRules,
  nowMs: number,
  select: (...proposals: number[]) => number,
  propose: Record<'Pods' | 'Percent', (start: number, value: number) => number>,
): number {
  if (selectPolicy === 'Disabled') return current;
  const proposals = policies.map(({ type, value, periodSeconds }) => {
    const sinceMs = nowMs - 1000 * periodSeconds;
    return propose[type](current - changeSince(scaleUps, sinceMs) + changeSince(scaleDowns, sinceMs), value);
  });
  return select(...proposals);
}

function changeSince(events: readonly ScaleEvent[], sinceMs: number): number {
  return events.reduce((total, { change, atMs }) => (atMs > sinceMs ? total + change : total), 0);
}
