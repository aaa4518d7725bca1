import type { NodePool } from '../cluster/node-pool.js';
import { costLines, HOURS_PER_MONTH, priceGaps } from '../cost/cost-lines.js';
import { PRICES_AS_OF, priceRegion } from '../cost/prices.js';
import type { Load } from '../load/load.js';
import type { LatencyHistogram } from '../model/latency-histogram.js';
import type { System } from '../model/system.js';
import type { Tally } from './meter.js';
import type { Saturation, SimulationResult, SloOutcome, Totals } from './result.js';
import { quantilesOf, type Track, totalsOf } from './track.js';

/** The nodes of one pool over time. */
export interface PoolTrack {
  readonly key: string;
  readonly pool: NodePool;
  nodeSeconds: number;
}

/** All that was put down of a run. */
export interface Recorded {
  readonly tally: Tally;
  readonly answers: LatencyHistogram;
  readonly tracks: readonly Track[];
  readonly pools: readonly PoolTrack[];
  readonly peakNodes: number;
  readonly rps: readonly number[];
  readonly nodes: readonly number[];
  readonly saturations: readonly Saturation[];
  readonly syncs: number;
  readonly everySeconds: number;
  /** Whether the series are kept, or totals only. */
  readonly keepSeries: boolean;
}

/** What a run of a load comes to, with what it costs. */
export function resultOf(
  system: System,
  load: Load,
  recorded: Recorded,
  about: Pick<SimulationResult, 'engine' | 'seed'>,
): SimulationResult {
  const { tracks, rps, nodes, saturations, syncs, everySeconds, keepSeries } = recorded;
  const { name, startSeconds, durationSeconds } = load;
  const samples = keepSeries ? tracks.map((track) => [track.workload.model.name, track.samples] as const) : [];
  return {
    ...{ environment: system.environment, load: name, ...about, startSeconds, durationSeconds, everySeconds },
    ...{ rps, nodes, series: Object.fromEntries(samples) },
    workloads: tracks.map((track) => totalsOf(track, durationSeconds)),
    saturations,
    totals: totalsOfRun(system, recorded, durationSeconds),
    notes: notesOn(system),
    unverifiedPrices: priceGaps(system),
    ...{ pricesAsOf: PRICES_AS_OF, syncs },
  };
}

function totalsOfRun(system: System, { tally, answers, tracks, pools, peakNodes }: Recorded, seconds: number): Totals {
  const { requests, admitted, failed, tasks, tasksRetried, tasksDead, modelCalls } = tally;
  const cost = costLines(system, {
    ...{ seconds, modelMicroUsd: tally.modelMicroUsd, modelCalls: sumOf(Object.values(modelCalls)) },
    nodeSeconds: new Map(pools.map(({ key, nodeSeconds }) => [key, nodeSeconds])),
    podSeconds: new Map(tracks.map(({ workload, podSeconds }) => [workload.model.name, podSeconds])),
  });
  const costUsd = sumOf(cost.map(({ usd }) => usd));
  return {
    ...{ requests, admitted, limited: requests - admitted, failed, tasks, tasksRetried, tasksDead },
    answers: quantilesOf(answers),
    slos: system.slos.map(({ name, objective, indicator }): SloOutcome => {
      const { events, bad } = tally.slos[name] ?? { events: 0, bad: 0 };
      const ratio = events > 0 ? 1 - bad / events : 1;
      return { name, objective, good: indicator.good, events, bad, ratio, met: ratio >= objective };
    }),
    modelCalls,
    ...{ peakNodes, meanNodes: sumOf(pools.map(({ nodeSeconds }) => nodeSeconds)) / seconds, cost, costUsd },
    monthlyUsd: (costUsd * HOURS_PER_MONTH * 3600) / seconds,
    savingAgainstPeak: savingOf(tracks, seconds, ({ peak }) => peak),
    savingAgainstCeiling: savingOf(tracks, seconds, ({ workload }) => workload.model.autoscaler?.spec.maxReplicas ?? 0),
  };
}

/** Share of the pods' time that so many replicas would have cost more, of the workloads that are scaled. */
function savingOf(tracks: readonly Track[], seconds: number, fixed: (track: Track) => number): number {
  const scaled = tracks.filter(({ workload }) => workload.model.autoscaler);
  const all = sumOf(scaled.map((track) => fixed(track) * seconds));
  return all > 0 ? 1 - sumOf(scaled.map(({ podSeconds }) => podSeconds)) / all : 0;
}

function notesOn({ region, notes }: System): readonly string[] {
  const priced = priceRegion(region);
  return priced === region ? notes : [...notes, `There are no prices for ${region}; those of ${priced} are taken.`];
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0);
}
