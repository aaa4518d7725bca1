import type { Work } from './assumptions.js';
import type { RequestKind, Visit } from './request-kinds.js';

/** One step of a request, in the order in which they happen: a visit with its own work. What a visit calls comes right after it. */
export interface Step {
  readonly service: string;
  readonly work: Work;
  readonly chance: number;
  readonly model: boolean;
  /** Place after the last step that it causes: where the request goes on if it does not happen, and where the visit ends. */
  readonly end: number;
}

export interface RequestProgram {
  readonly name: string;
  readonly share: number;
  readonly front: readonly Step[];
  /** What the worker does; empty if there is no task. */
  readonly task: readonly Step[];
}

/** Both engines walk the same list. */
export function programOf({ name, share, front, task }: RequestKind): RequestProgram {
  return { name, share, front: stepsOf(front), task: task ? stepsOf(task) : [] };
}

function stepsOf(visit: Visit, from = 0): Step[] {
  const inner: Step[] = [];
  for (const call of visit.calls ?? []) inner.push(...stepsOf(call, from + 1 + inner.length));
  const { service, work, chance = 1, model = false } = visit;
  return [{ service: service.name, work, chance, model, end: from + 1 + inner.length }, ...inner];
}

/** Expected visits of each step, for one request. */
export function visitsOf(steps: readonly Step[]): readonly number[] {
  const visits: number[] = [];
  steps.forEach((step, i) => {
    const callers = steps.slice(0, i).filter(({ end }) => end > i);
    visits.push(callers.reduce((chance, caller) => chance * caller.chance, step.chance));
  });
  return visits;
}
