import type { HpaSpec } from './hpa-spec.js';
import type { ControllerOptions } from './observation.js';

/** How far a ratio of usage to target may be from 1, either way, without a change. */
export interface Tolerances {
  readonly scaleUp: number;
  readonly scaleDown: number;
}

export function tolerancesOf({ behavior }: HpaSpec, options: ControllerOptions): Tolerances {
  const { tolerance, configurableTolerance } = options;
  if (!configurableTolerance) return { scaleUp: tolerance, scaleDown: tolerance };
  return {
    scaleUp: behavior?.scaleUp.tolerance ?? tolerance,
    scaleDown: behavior?.scaleDown.tolerance ?? tolerance,
  };
}

export function isWithin({ scaleUp, scaleDown }: Tolerances, ratio: number): boolean {
  return 1 - scaleDown <= ratio && ratio <= 1 + scaleUp;
}
