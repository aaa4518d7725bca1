import type { Cluster } from '../cluster/cluster.js';
import type { Workload } from '../cluster/workload.js';
import type { Load } from '../load/load.js';
import { LatencyHistogram } from '../model/latency-histogram.js';
import type { System } from '../model/system.js';
import { count } from './figures.js';
import { type Meter, newTally, type Tally } from './meter.js';
import type { SimulationResult } from './result.js';
import { type PoolTrack, type Recorded, resultOf } from './result-of.js';
import { SaturationWatch } from './saturation-watch.js';
import { newTrack, type Track } from './track.js';

/** Share of its capacity from which a workload can do no more: a little is lost to rounding. */
const FULL = 0.999;

/** Share of a span for which it must have been full, with somebody waiting: a moment of it says nothing of an hour. */
const MOSTLY = 0.9;

export type RecorderOptions = Pick<Recorded, 'everySeconds' | 'keepSeries'>;

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
    const recorded = {
      ...{ tally: this.tally, answers: this.answers, tracks: this.#tracks, pools: this.#pools },
      ...{ peakNodes: this.#peakNodes, rps: this.#rps, nodes: this.#nodes },
      ...{ saturations: this.#watch.found(load.durationSeconds), syncs: this.cluster.syncs, ...this.options },
    };
    return resultOf(this.system, load, recorded, about);
  }
}
