import type { Quantiles } from './result.js';

/** What an engine tells of one workload: sums since the beginning of the recording, and how it stands. */
export interface Meter {
  readonly arrivals: number;
  readonly served: number;
  readonly rejected: number;
  readonly queued: number;
  readonly waitSeconds: number;
  readonly utilisation: number;
  /** Of the requests since it was last asked, or of those of this moment. */
  quantiles(): Quantiles;
}

/** What an engine tells of the whole. All are sums since the beginning of the recording. */
export interface Tally {
  requests: number;
  admitted: number;
  failed: number;
  tasks: number;
  tasksRetried: number;
  tasksDead: number;
  /** By the model's id. */
  readonly modelCalls: Record<string, number>;
  modelMicroUsd: number;
  refusedModelCalls: number;
  /** By the name of the objective. */
  readonly slos: Record<string, { events: number; bad: number }>;
}

export function newTally(): Tally {
  return {
    ...{ requests: 0, admitted: 0, failed: 0, tasks: 0, tasksRetried: 0, tasksDead: 0 },
    ...{ modelCalls: {}, modelMicroUsd: 0, refusedModelCalls: 0, slos: {} },
  };
}

export const NO_TIMES: Quantiles = { p50: 0, p95: 0, p99: 0 };
