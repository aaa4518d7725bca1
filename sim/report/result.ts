import type { CostLine, PriceGap } from '../cost/cost-lines.js';

/** Seconds within which so large a share of the requests was answered. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** One workload over one span of the run; rates are means over it, the rest as it stood at its end. */
export interface WorkloadSample extends Quantiles {
  readonly atSeconds: number;
  readonly arrivalsPerSecond: number;
  readonly servedPerSecond: number;
  readonly rejectedPerSecond: number;
  /** Requests or tasks that wait. */
  readonly queued: number;
  readonly waitSeconds: number;
  /** Share of what the ready pods can do that was used. */
  readonly utilisation: number;
  readonly wanted: number;
  readonly actual: number;
  readonly ready: number;
  /** Of the autoscaler's conditions; empty where there is none. */
  readonly reason: string;
}

export interface WorkloadTotals extends Quantiles {
  readonly name: string;
  readonly floor: number;
  readonly ceiling: number;
  readonly arrivals: number;
  readonly served: number;
  readonly rejected: number;
  readonly longestQueue: number;
  readonly peakReplicas: number;
  readonly meanReplicas: number;
  /** Times that the number of replicas changed. */
  readonly rescales: number;
}

export interface SloOutcome {
  readonly name: string;
  readonly objective: number;
  readonly good: string;
  readonly events: number;
  readonly bad: number;
  /** Share of the events that was good; 1 without events. */
  readonly ratio: number;
  readonly met: boolean;
}

/** Something that was asked for more than it could do, and from when on. */
export interface Saturation {
  readonly what: string;
  readonly sinceSeconds: number;
  readonly untilSeconds: number;
  readonly why: string;
}

export interface Totals {
  readonly requests: number;
  readonly admitted: number;
  /** Turned away by the limits of their tier: 429. */
  readonly limited: number;
  /** Given up by a service that could not keep up, or refused by every provider: 5xx. */
  readonly failed: number;
  readonly tasks: number;
  readonly tasksRetried: number;
  readonly tasksDead: number;
  /** From the request to its answer, however long the task took. */
  readonly answers: Quantiles;
  readonly slos: readonly SloOutcome[];
  readonly modelCalls: Readonly<Record<string, number>>;
  readonly peakNodes: number;
  readonly meanNodes: number;
  /** Money of the run by component, and what a month of it would be. */
  readonly cost: readonly CostLine[];
  readonly costUsd: number;
  readonly monthlyUsd: number;
  /** Share of the pods' time that fixed replicas would have cost more: at the run's own peak all the time, and at the ceilings. */
  readonly savingAgainstPeak: number;
  readonly savingAgainstCeiling: number;
}

export interface SimulationResult {
  readonly environment: string;
  readonly load: string;
  readonly engine: 'fluid' | 'discrete';
  readonly seed: number;
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly everySeconds: number;
  readonly rps: readonly number[];
  readonly nodes: readonly number[];
  /** Empty where only totals were asked for. */
  readonly series: Readonly<Record<string, readonly WorkloadSample[]>>;
  readonly workloads: readonly WorkloadTotals[];
  readonly saturations: readonly Saturation[];
  readonly totals: Totals;
  readonly notes: readonly string[];
  readonly unverifiedPrices: readonly PriceGap[];
  readonly pricesAsOf: string;
  /** Autoscaler syncs of the run. */
  readonly syncs: number;
}
