import type { Cluster } from '../cluster/cluster.js';
import type { NodePool } from '../cluster/node-pool.js';
import type { Workload } from '../cluster/workload.js';
import { costLines, HOURS_PER_MONTH, priceGaps } from '../cost/cost-lines.js';
import { PRICES_AS_OF, priceRegion } from '../cost/prices.js';
import type { Load } from '../load/load.js';
import { LatencyHistogram } from '../model/latency-histogram.js';
import type { System } from '../model/system.js';
import { count } from './figures.js';
import { type Meter, newTally, type Tally } from './meter.js';
import type { SimulationResult, SloOutcome } from './result.js';
import { SaturationWatch } from './saturation-watch.js';
import { newTrack, quantilesOf, type Track, totalsOf } from './track.js';

/** Share of its capacity from which a workload can do no more: a little is lost to rounding. */
const FULL = 0.999;

/** Share of a span for which it must have been full, with somebody waiting: a moment of it says nothing of an hour. */
const MOSTLY = 0.9;

interface PoolTrack {
  readonly key: string;
  readonly pool: NodePool;
  nodeSeconds: number;
}

export interface RecorderOptions {
  readonly everySeconds: number;
  /** Whether the series are kept, or totals only. */
  readonly keepSeries: boolean;
}

/** Turns what an engine counts into a result. Without series its size does not depend on how long the run is. */
export class Recorder {
  readonly tally: Tally = newTally();
  readonly answers = new LatencyHistogram();
  readonly #tracks: readonly Track[];
  readonly #byWorkload: ReadonlyMap<Workload, Track>;
  readonly #pools: readonly PoolTrack[];
  readonly #watch = new SaturationWatch();
  readonly #rps: number[] = [];
  readonly #nodes: number[] = [];
  #peakNodes = 0;
  #spanSeconds = 0;
  #requests = 0;
  #refused = 0;

  constructor(
    private readonly system: System,
    private readonly cluster: Cluster,
    meters: ReadonlyMap<Workload, Meter>,
    private readonly options: RecorderOptions,
  ) {
    this.#tracks = cluster.workloads.map((workload) => newTrack(workload, meters.get(workload) as Meter));
    this.#byWorkload = new Map(this.#tracks.map((track) => [track.workload, track]));
    this.#pools = [...cluster.pools].map(([key, pool]) => ({ key, pool, nodeSeconds: 0 }));
  }

  timesOf(workload: Workload): LatencyHistogram {
    return (this.#byWorkload.get(workload) as Track).times;
  }

  /** A span of time has gone by, in which nothing of the cluster changed. */
  pass(seconds: number): void {
    this.#spanSeconds += seconds;
    for (let at = 0; at < this.#pools.length; at++) {
      const one = this.#pools[at] as PoolTrack;
      one.nodeSeconds += one.pool.nodes.length * seconds;
    }
    for (let at = 0; at < this.#tracks.length; at++) {
      const track = this.#tracks[at] as Track;
      const { meter } = track;
      const { wanted } = track.workload;
      track.podSeconds += wanted * seconds;
      if (meter.queued >= 1 && meter.utilisation >= FULL) track.fullSeconds += seconds;
      if (wanted > track.peak) track.peak = wanted;
      if (wanted !== track.wanted) {
        track.rescales++;
        track.wanted = wanted;
      }
    }
  }

  /** Ends one span of the record. @param atSeconds since the load began */
  record(atSeconds: number): void {
    const seconds = this.#spanSeconds;
    if (seconds <= 0) return;
    this.#spanSeconds = 0;
    const nodes = this.cluster.nodes;
    this.#peakNodes = Math.max(this.#peakNodes, nodes);
    for (const track of this.#tracks) this.#recordWorkload(track, atSeconds, seconds);
    const refused = this.tally.refusedModelCalls - this.#refused;
    this.#refused = this.tally.refusedModelCalls;
    this.#watch.note(
      'model providers',
      refused / seconds > 0.5,
      atSeconds - seconds,
      () => `${(refused / seconds).toFixed(1)} calls a second find no provider with room left in its limits`,
    );
    if (this.options.keepSeries) {
      this.#rps.push((this.tally.requests - this.#requests) / seconds);
      this.#nodes.push(nodes);
    }
    this.#requests = this.tally.requests;
  }

  #recordWorkload(track: Track, atSeconds: number, seconds: number): void {
    const { workload, meter } = track;
    const { wanted, ready, reason } = workload;
    track.longestQueue = Math.max(track.longestQueue, meter.queued);
    const ceiling = workload.model.autoscaler?.spec.maxReplicas ?? wanted;
    const isFull = track.fullSeconds >= MOSTLY * seconds;
    track.fullSeconds = 0;
    this.#watch.note(workload.model.name, isFull, atSeconds - seconds, () => {
      const all = ready === 1 ? '1 replica' : `${ready} replicas`;
      const replicas = workload.waiting > 0 ? `${ready} of ${wanted} replicas ready, no node for the others` : all;
      return `${replicas}${wanted >= ceiling ? ', the most it may have' : ''}; ${count(meter.queued)} wait`;
    });
    if (this.options.keepSeries) {
      track.samples.push({
        atSeconds,
        arrivalsPerSecond: (meter.arrivals - track.arrivals) / seconds,
        servedPerSecond: (meter.served - track.served) / seconds,
        rejectedPerSecond: (meter.rejected - track.rejected) / seconds,
        ...{ queued: meter.queued, waitSeconds: meter.waitSeconds, utilisation: meter.utilisation },
        ...meter.quantiles(),
        ...{ wanted, actual: workload.active.length, ready, reason },
      });
    }
    track.arrivals = meter.arrivals;
    track.served = meter.served;
    track.rejected = meter.rejected;
  }

  result(load: Load, about: Pick<SimulationResult, 'engine' | 'seed'>): SimulationResult {
    const { system, tally } = this;
    const { durationSeconds } = load;
    const podSeconds = new Map(this.#tracks.map(({ workload, podSeconds: sum }) => [workload.model.name, sum]));
    const modelCalls = Object.values(tally.modelCalls).reduce((sum, calls) => sum + calls, 0);
    const cost = costLines(system, {
      ...{
        seconds: durationSeconds,
        nodeSeconds: new Map(this.#pools.map((one) => [one.key, one.nodeSeconds])),
        podSeconds,
      },
      ...{ modelMicroUsd: tally.modelMicroUsd, modelCalls },
    });
    const costUsd = cost.reduce((sum, { usd }) => sum + usd, 0);
    const nodeSeconds = this.#pools.reduce((sum, one) => sum + one.nodeSeconds, 0);
    const region = priceRegion(system.region);
    return {
      ...{
        environment: system.environment,
        load: load.name,
        ...about,
        startSeconds: load.startSeconds,
        durationSeconds,
      },
      everySeconds: this.options.everySeconds,
      ...{ rps: this.#rps, nodes: this.#nodes },
      series: this.options.keepSeries
        ? Object.fromEntries(this.#tracks.map(({ workload, samples }) => [workload.model.name, samples]))
        : {},
      workloads: this.#tracks.map((track) => totalsOf(track, durationSeconds)),
      saturations: this.#watch.found(durationSeconds),
      totals: {
        ...{ requests: tally.requests, admitted: tally.admitted, limited: tally.requests - tally.admitted },
        ...{ failed: tally.failed, tasks: tally.tasks, tasksRetried: tally.tasksRetried, tasksDead: tally.tasksDead },
        answers: quantilesOf(this.answers),
        slos: system.slos.map(({ name, objective, indicator }): SloOutcome => {
          const { events, bad } = tally.slos[name] ?? { events: 0, bad: 0 };
          const ratio = events > 0 ? 1 - bad / events : 1;
          return { name, objective, good: indicator.good, events, bad, ratio, met: ratio >= objective };
        }),
        modelCalls: tally.modelCalls,
        ...{ peakNodes: this.#peakNodes, meanNodes: nodeSeconds / durationSeconds, cost, costUsd },
        monthlyUsd: (costUsd * HOURS_PER_MONTH * 3600) / durationSeconds,
        ...this.#savings(durationSeconds),
      },
      notes: [
        ...system.notes,
        ...(region === system.region
          ? []
          : [`There are no prices for ${system.region}; those of ${region} are taken.`]),
      ],
      unverifiedPrices: priceGaps(system),
      ...{ pricesAsOf: PRICES_AS_OF, syncs: this.cluster.syncs },
    };
  }

  #savings(seconds: number) {
    const scaled = this.#tracks.filter(({ workload }) => workload.model.autoscaler);
    const used = scaled.reduce((sum, { podSeconds }) => sum + podSeconds, 0);
    const against = (fixed: (track: Track) => number) => {
      const all = scaled.reduce((sum, track) => sum + fixed(track) * seconds, 0);
      return all > 0 ? 1 - used / all : 0;
    };
    return {
      savingAgainstPeak: against(({ peak }) => peak),
      savingAgainstCeiling: against(({ workload }) => workload.model.autoscaler?.spec.maxReplicas ?? 0),
    };
  }
}
