import type { Workload } from '../cluster/workload.js';
import { LatencyHistogram } from '../model/latency-histogram.js';
import type { Meter } from './meter.js';
import type { Quantiles, WorkloadSample, WorkloadTotals } from './result.js';

/** What is put down of one workload. */
export interface Track {
  readonly workload: Workload;
  readonly meter: Meter;
  readonly times: LatencyHistogram;
  readonly samples: WorkloadSample[];
  arrivals: number;
  served: number;
  rejected: number;
  podSeconds: number;
  /** Of the span that is being recorded: with all taken and somebody waiting. */
  fullSeconds: number;
  peak: number;
  longestQueue: number;
  rescales: number;
  wanted: number;
}

// Named one by one: it is written in every tick, and an object that was spread together is slow to write.
export function newTrack(workload: Workload, meter: Meter): Track {
  return {
    workload,
    meter,
    times: new LatencyHistogram(),
    samples: [],
    arrivals: 0,
    served: 0,
    rejected: 0,
    podSeconds: 0,
    fullSeconds: 0,
    peak: 0,
    longestQueue: 0,
    rescales: 0,
    wanted: workload.wanted,
  };
}

export function totalsOf(track: Track, seconds: number): WorkloadTotals {
  const { workload, meter, times } = track;
  const { name, autoscaler, replicas } = workload.model;
  return {
    ...{ name, floor: autoscaler?.spec.minReplicas ?? replicas, ceiling: autoscaler?.spec.maxReplicas ?? replicas },
    ...{ arrivals: meter.arrivals, served: meter.served, rejected: meter.rejected, ...quantilesOf(times) },
    ...{ longestQueue: track.longestQueue, peakReplicas: track.peak, meanReplicas: track.podSeconds / seconds },
    rescales: track.rescales,
  };
}

export function quantilesOf(times: LatencyHistogram): Quantiles {
  return { p50: times.quantile(0.5), p95: times.quantile(0.95), p99: times.quantile(0.99) };
}
