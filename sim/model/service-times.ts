import { gateway, requestBudget } from '../../contract/index.js';
import type { Assumptions } from './assumptions.js';
import type { Paths } from './latency-mix.js';
import type { Wait } from './queueing.js';
import { waysThrough } from './request-paths.js';
import type { RequestProgram, Step } from './request-program.js';

/** Times of model calls, all models together. */
export interface ModelTimes {
  readonly mean: number;
  readonly variance: number;
}

/** What the times of requests depend on at one moment. It is written anew for the next: whoever holds one of its waits sees it change. */
export interface Moment {
  /** For a thread of each service. */
  readonly waits: ReadonlyMap<string, Wait>;
  readonly model: ModelTimes;
}

/** One way, with the part of its time that does not depend on the moment. */
interface PreparedWay {
  readonly chance: number;
  readonly mean: number;
  readonly variance: number;
  /** For a thread of each service that it comes to. */
  readonly waits: readonly Wait[];
  readonly modelCalls: number;
}

export interface PreparedVisit {
  readonly program: number;
  readonly part: 'front' | 'task';
  /** Expected visits for each request, or task. */
  readonly visits: number;
  readonly ways: readonly PreparedWay[];
}

/** Prepares a step's ways: own work and stores' time are exponential, so that each adds its square to the variance. */
export function prepareVisit(
  steps: readonly Step[],
  from: number,
  { services, caches }: Assumptions,
  { waits }: Moment,
  where: Pick<PreparedVisit, 'program' | 'part' | 'visits'>,
): PreparedVisit {
  const ways = waysThrough(steps, from, caches.answerHits).map((way): PreparedWay => {
    const works = way.steps.map((at) => services[(steps[at] as Step).work]);
    const seconds = works.flatMap(({ cpuMs, ioMs }) => [cpuMs / 1000, ioMs / 1000]);
    return {
      chance: way.chance,
      mean: seconds.reduce((sum, one) => sum + one, 0),
      variance: seconds.reduce((sum, one) => sum + one ** 2, 0),
      // A task is in its worker's hands: nobody waits for the worker's thread twice.
      waits: way.steps.flatMap((at) => waits.get((steps[at] as Step).service) ?? []),
      modelCalls: way.modelCalls,
    };
  });
  return { ...where, ways };
}

/** The paths of a visit at one moment, each weighing as many requests as take it. */
export function pathsOf(visit: PreparedVisit, moment: Moment, requests = 1): Paths {
  const paths: number[] = [];
  addPaths(paths, visit, moment, requests);
  return paths;
}

export function addPaths(to: number[], { ways }: PreparedVisit, { model }: Moment, requests: number): void {
  for (let i = 0; i < ways.length; i++) {
    const way = ways[i] as PreparedWay;
    let mean = way.mean + way.modelCalls * model.mean;
    let variance = way.variance + way.modelCalls * model.variance;
    for (let n = 0; n < way.waits.length; n++) {
      const wait = way.waits[n] as Wait;
      mean += wait.mean;
      variance += wait.variance;
    }
    // Sooner done than a push of three, millions of times.
    const at = to.length;
    to[at] = requests * way.chance;
    to[at + 1] = mean;
    to[at + 2] = variance;
  }
}

/** Each path of the one followed by each of the other. */
export function followedBy(first: Paths, second: Paths): Paths {
  let total = 0;
  for (let j = 0; j < second.length; j += 3) total += second[j] as number;
  const paths: number[] = [];
  for (let i = 0; i < first.length; i += 3) {
    const [weight, mean, variance] = first.slice(i, i + 3) as [number, number, number];
    for (let j = 0; j < second.length; j += 3) {
      const [chance, then, spread] = second.slice(j, j + 3) as [number, number, number];
      paths.push((weight * chance) / (total || 1), mean + then, variance + spread);
    }
  }
  return paths;
}

/** The gateway answers a message that takes longer with the task to ask for. */
export const LONGEST_SYNC_SECONDS = requestBudget.syncAnswerMs / 1000;

/** Every visit of each service, in all programs. */
export function visitsByService(
  programs: readonly RequestProgram[],
  visits: readonly { readonly front: readonly number[]; readonly task: readonly number[] }[],
  assumed: Assumptions,
  moment: Moment,
): ReadonlyMap<string, readonly PreparedVisit[]> {
  const byService = new Map<string, PreparedVisit[]>();
  for (const [program, { front, task }] of programs.entries()) {
    for (const [part, steps] of [
      ['front', front],
      ['task', task],
    ] as const) {
      for (const [at, { service }] of steps.entries()) {
        const expected = visits[program]?.[part][at] ?? 0;
        const prepared = prepareVisit(steps, at, assumed, moment, { program, part, visits: expected });
        byService.set(service, [...(byService.get(service) ?? []), prepared]);
      }
    }
  }
  return byService;
}

export const ENTRANCE = gateway.name;
