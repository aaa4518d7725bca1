import { TIERS, tasks } from '../../contract/index.js';
import type { TierMix } from '../load/load.js';
import { LatencyMix, type Paths } from '../model/latency-mix.js';
import { visitsOf } from '../model/request-program.js';
import {
  addPaths,
  followedBy,
  type Moment,
  type PreparedVisit,
  pathsOf,
  visitsByService,
} from '../model/service-times.js';
import type { System } from '../model/system.js';

/** Rates of one moment: requests of each program, and tasks, in a second. */
export interface Rates {
  readonly fronts: readonly number[];
  readonly tasks: number;
  /** Shares of the tasks by the program's place. */
  readonly taskShares: readonly number[];
}

export type Visits = readonly PreparedVisit[];

/** Times of requests and tasks, as they follow from the waits of a moment. */
export class RequestTimes {
  readonly #visits: ReadonlyMap<string, readonly PreparedVisit[]>;
  /** The whole of each program's task: its first visit. */
  readonly #taskVisits: readonly (PreparedVisit | undefined)[];
  readonly #frontVisits: readonly PreparedVisit[];

  /** @param moment the one that all times are of: it changes */
  constructor(
    { requests, assumed }: System,
    private readonly moment: Moment,
  ) {
    const visits = requests.map(({ front, task }) => ({ front: visitsOf(front), task: visitsOf(task) }));
    this.#visits = visitsByService(requests, visits, assumed, moment);
    const all = [...this.#visits.values()].flat();
    // A program's first step is its whole: it has the most steps.
    const whole = (program: number, part: 'front' | 'task') =>
      all
        .filter((visit) => visit.program === program && visit.part === part)
        .sort((a, b) => longest(b) - longest(a))
        .at(0);
    this.#taskVisits = requests.map((_, program) => whole(program, 'task'));
    this.#frontVisits = requests.map((_, program) => whole(program, 'front') as PreparedVisit);
  }

  /** All visits of a service. */
  visitsOf(service: string): Visits {
    return this.#visits.get(service) ?? [];
  }

  /** Answers of a service, each visit by how often it is made; undefined while there is none. */
  ofVisits(visits: Visits, rates: Rates): LatencyMix | undefined {
    const paths: number[] = [];
    for (const visit of visits) {
      const rate =
        visit.part === 'front'
          ? (rates.fronts[visit.program] ?? 0)
          : rates.tasks * (rates.taskShares[visit.program] ?? 0);
      if (rate > 0) addPaths(paths, visit, this.moment, rate * visit.visits);
    }
    return mixOf(paths);
  }

  /** A task in its worker's hands. */
  ofTask({ taskShares }: Rates): LatencyMix | undefined {
    const paths: number[] = [];
    for (let i = 0; i < taskShares.length; i++) {
      const visit = this.#taskVisits[i];
      const share = taskShares[i] as number;
      if (visit && share > 0) addPaths(paths, visit, this.moment, share);
    }
    return mixOf(paths);
  }

  /** From the entrance to the answer, through the queue where there is one. @param queueWait seconds, by the queue's place */
  ofAnswers(
    rates: Rates,
    mix: TierMix,
    priorityOf: Readonly<Record<string, number>>,
    queueWait: (priority: number) => { readonly mean: number; readonly variance: number },
  ): LatencyMix | undefined {
    const paths = this.#frontVisits.flatMap((front, i): Paths => {
      const rate = rates.fronts[i] ?? 0;
      if (rate <= 0) return [];
      const before = pathsOf(front, this.moment, rate);
      const task = this.#taskVisits[i];
      if (!task) return before;
      const waits = tasks.queues.flatMap((_, priority): Paths => {
        const weight = TIERS.reduce((sum, tier) => (priorityOf[tier] === priority ? sum + mix[tier] : sum), 0);
        const { mean, variance } = queueWait(priority);
        return weight > 0 ? [weight, mean, variance] : [];
      });
      return followedBy(before, followedBy(waits, pathsOf(task, this.moment)));
    });
    return mixOf(paths);
  }
}

function mixOf(paths: Paths): LatencyMix | undefined {
  return paths.length > 0 ? new LatencyMix(paths) : undefined;
}

function longest({ ways }: PreparedVisit): number {
  return Math.max(...ways.map(({ waits }) => waits.length));
}
