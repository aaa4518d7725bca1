import { gateway, requestBudget, worker } from '../../contract/index.js';
import type { Assumptions } from './assumptions.js';
import type { Path } from './latency-mix.js';
import type { Wait } from './queueing.js';
import { waysThrough } from './request-paths.js';
import type { RequestProgram, Step } from './request-program.js';

/** Times of model calls, all models together. */
export interface ModelTimes {
  readonly mean: number;
  readonly variance: number;
}

/** What the times of requests depend on at one moment. */
export interface Moment {
  /** For a thread of the service. */
  wait(service: string): Wait;
  readonly model: ModelTimes;
}

/** One way, with the part of its time that does not depend on the moment. */
interface PreparedWay {
  readonly chance: number;
  readonly mean: number;
  readonly variance: number;
  readonly services: readonly string[];
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
      services: way.steps.map((at) => (steps[at] as Step).service).filter((service) => service !== worker.name),
      modelCalls: way.modelCalls,
    };
  });
  return { ...where, ways };
}

/** The paths of a visit at one moment, each weighing as many requests as take it. */
export function pathsOf({ ways }: PreparedVisit, moment: Moment, requests = 1): Path[] {
  return ways.map(({ chance, mean, variance, services, modelCalls }) => {
    let total = mean + modelCalls * moment.model.mean;
    let spread = variance + modelCalls * moment.model.variance;
    for (const service of services) {
      const wait = moment.wait(service);
      total += wait.mean;
      spread += wait.variance;
    }
    return { weight: requests * chance, mean: total, variance: spread };
  });
}

/** Each path of the one followed by each of the other. */
export function followedBy(first: readonly Path[], second: readonly Path[]): Path[] {
  const total = second.reduce((sum, { weight }) => sum + weight, 0) || 1;
  return first.flatMap((a) =>
    second.map((b) => ({
      weight: (a.weight * b.weight) / total,
      mean: a.mean + b.mean,
      variance: a.variance + b.variance,
    })),
  );
}

/** The gateway answers a message that takes longer with the task to ask for. */
export const LONGEST_SYNC_SECONDS = requestBudget.syncAnswerMs / 1000;

/** Every visit of each service, in all programs. */
export function visitsByService(
  programs: readonly RequestProgram[],
  visits: readonly { readonly front: readonly number[]; readonly task: readonly number[] }[],
  assumed: Assumptions,
): ReadonlyMap<string, readonly PreparedVisit[]> {
  const byService = new Map<string, PreparedVisit[]>();
  for (const [program, { front, task }] of programs.entries()) {
    for (const [part, steps] of [
      ['front', front],
      ['task', task],
    ] as const) {
      for (const [at, { service }] of steps.entries()) {
        const expected = visits[program]?.[part][at] ?? 0;
        const prepared = prepareVisit(steps, at, assumed, { program, part, visits: expected });
        byService.set(service, [...(byService.get(service) ?? []), prepared]);
      }
    }
  }
  return byService;
}

export const ENTRANCE = gateway.name;
