import type { Step } from './request-program.js';

/** One way through a part of a program: the steps that happen, in their order, and whether a model is called. */
export interface Way {
  readonly chance: number;
  readonly steps: readonly number[];
  readonly callsModel: boolean;
  /** How many calls of a model. */
  readonly modelCalls: number;
}

/**
 * Every way from a step to its end. A retrieval that hits the cache, a question that was answered before: each is quick or slow as a
 * whole, and the mean of both is the time of neither.
 */
export function waysThrough(steps: readonly Step[], from: number, answerHits: number): readonly Way[] {
  const end = steps[from]?.end ?? from;
  let ways: Way[] = [{ chance: 1, steps: [], callsModel: false, modelCalls: 0 }];
  const walk = (at: number, limit: number): void => {
    for (let i = at; i < limit; i = steps[i]?.end ?? limit) ways = ways.flatMap((way) => through(i, way));
  };
  const through = (i: number, way: Way): Way[] => {
    const step = steps[i] as Step;
    const outer = ways;
    ways = branch({ ...way, steps: [...way.steps, i] }, step, answerHits);
    walk(i + 1, step.end);
    const taken = ways;
    ways = outer;
    // The first step is where the way begins: it happens.
    const chance = i === from ? 1 : step.chance;
    const skipped = chance < 1 ? [{ ...way, chance: way.chance * (1 - chance) }] : [];
    return [...taken.map((one) => ({ ...one, chance: one.chance * chance })), ...skipped];
  };
  walk(from, end);
  return merged(ways);
}

function branch(way: Way, { model }: Step, answerHits: number): Way[] {
  if (!model) return [way];
  const call = { ...way, chance: way.chance * (1 - answerHits), callsModel: true, modelCalls: way.modelCalls + 1 };
  return answerHits > 0 ? [call, { ...way, chance: way.chance * answerHits }] : [call];
}

/** Ways that do the same are one. */
function merged(ways: readonly Way[]): Way[] {
  const byText = new Map<string, Way>();
  for (const way of ways) {
    const key = `${way.modelCalls} ${way.steps.join()}`;
    const known = byText.get(key);
    byText.set(key, known ? { ...known, chance: known.chance + way.chance } : way);
  }
  return [...byText.values()];
}
