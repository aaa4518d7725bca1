import { type ModelSpec, type RoutePriority, routerPolicy } from '../../contract/index.js';
import type { ModelCondition } from './model-conditions.js';

/** What the router knows of a model now. */
export interface ModelState extends ModelCondition {
  /** Whether no call of it would be made: the breaker of every way to it is open. */
  readonly unreachable: boolean;
}

/** Why a model that could answer yields to others that can. */
export interface Ailment {
  readonly why: string;
  /** To whom it yields: of two, the one with less. */
  readonly rank: 1 | 2;
}

/** What is wrong with a model, if anything: it cannot be reached or fails (2), or it is slow (1), where that matters to the caller. */
export function ailmentOf(
  { typicalLatencyMs }: ModelSpec,
  state: ModelState | undefined,
  priority: RoutePriority,
): Ailment | undefined {
  if (state === undefined) return undefined;
  const { unreachable, errorRatio, latencyMs } = state;
  if (unreachable) return { why: 'is left alone after failures', rank: 2 };
  if (errorRatio > routerPolicy.maxErrorRatio)
    return { why: `fails ${Math.round(100 * errorRatio)} % of its calls`, rank: 2 };
  const mayBeSlow = priority === 'quality' || priority === 'cost';
  if (mayBeSlow || latencyMs === undefined || latencyMs.p50 <= routerPolicy.slowTimes * typicalLatencyMs)
    return undefined;
  return { why: `takes ${seconds(latencyMs.p50)} of late where ${seconds(typicalLatencyMs)} are usual`, rank: 1 };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
