import type { ScalingBehavior, ScalingRules } from '../../constructs/index.js';
import { at } from '../support/cluster.js';
import type { Change } from './api-client.js';

/** What was wanted from a moment on. */
export interface Step {
  readonly atMs: number;
  readonly replicas: number;
}

/** A watch tells of a change a little later than the controller made it, and not always by as much. */
const JITTER_MS = 750;

/** The replicas that were wanted of each Deployment, and when. */
export class ScalingHistory {
  readonly #steps = new Map<string, Step[]>();

  /** Takes a change of a Deployment. */
  readonly record = ({ object }: Change): void => {
    const { name } = object.metadata;
    const replicas = Number(at(object, 'spec.replicas'));
    const steps = this.#steps.get(name) ?? [];
    if (steps.at(-1)?.replicas !== replicas) this.#steps.set(name, [...steps, { atMs: Date.now(), replicas }]);
  };

  /** Where it stood at a moment, and every step from then on. */
  since(name: string, atMs: number): readonly Step[] {
    const steps = this.#steps.get(name) ?? [];
    const before = steps.filter((step) => step.atMs <= atMs).slice(-1);
    return [...before, ...steps.filter((step) => step.atMs > atMs)];
  }
}

/** Each step that goes further, within a period of its behaviour, than that allows (kubernetes/pkg/controller/podautoscaler). */
export function stepsBeyond(steps: readonly Step[], { scaleUp, scaleDown }: ScalingBehavior): readonly string[] {
  return steps.slice(1).flatMap((step, i) => {
    const rises = step.replicas > (steps[i]?.replicas ?? 0);
    const rules = rises ? scaleUp : scaleDown;
    const from = standing(steps, step.atMs - rules.periodSeconds * 1000 + JITTER_MS);
    const limit = rises ? highest(from, rules) : lowest(from, rules);
    const isBeyond = rises ? step.replicas > limit : step.replicas < limit;
    return isBeyond
      ? [`from ${from} to ${step.replicas} within ${rules.periodSeconds} s, where ${limit} is the limit`]
      : [];
  });
}

function standing(steps: readonly Step[], atMs: number): number {
  return (steps.findLast((step) => step.atMs <= atMs) ?? steps[0])?.replicas ?? 0;
}

function highest(from: number, { percent, pods, select }: ScalingRules): number {
  const limits = [Math.ceil(from * (1 + percent / 100)), from + pods];
  return select === 'Max' ? Math.max(...limits) : Math.min(...limits);
}

function lowest(from: number, { percent, pods, select }: ScalingRules): number {
  const limits = [Math.trunc(from * (1 - percent / 100)), from - pods];
  return select === 'Max' ? Math.min(...limits) : Math.max(...limits);
}
