import { type HpaSpec, type MetricReading, NEW_HPA, type Observation, reconcile } from '../hpa/index.js';

/** What an autoscaler in a cluster saw at one sync, and what it made of it. */
export interface RecordedSync {
  readonly atSeconds: number;
  /** Of each metric of its spec, in the spec's order: percent of a resource's requests, or the sum of what is external. `null`: none. */
  readonly values: readonly (number | null)[];
  /** Pods that there were. */
  readonly replicas: number;
  readonly ready: number;
  /** Replicas from then on. */
  readonly wanted: number;
}

/** An autoscaler's syncs, in their order. One that saw and made nothing new may be left out. */
export interface RecordedRun {
  readonly madeBy: string;
  readonly syncSeconds: number;
  readonly syncs: readonly RecordedSync[];
}

/** What a pod of the replay requests: percentages are all that a recording has. */
const REQUEST_MILLI = 100_000;

/**
 * Replicas that the simulator's autoscaler wants at each sync of a recording. Of the recording it is told of the load alone, and of the share
 * of the pods that are ready: how many there are it decides itself, from the first sync on.
 */
export function replayRun(spec: HpaSpec, { syncs, syncSeconds }: RecordedRun): readonly number[] {
  let state = NEW_HPA;
  let replicas = syncs[0]?.replicas ?? 0;
  const sync = (recorded: RecordedSync, atSeconds: number) => {
    ({ replicas, state } = reconcile(spec, state, observationOf(spec, recorded, replicas), atSeconds * 1000));
    return replicas;
  };
  return syncs.map((recorded, i) => {
    const before = syncs[i - 1];
    if (before !== undefined) {
      const last = recorded.atSeconds - syncSeconds / 2;
      for (let at = before.atSeconds + syncSeconds; at < last; at += syncSeconds) sync(before, at);
    }
    return sync(recorded, recorded.atSeconds);
  });
}

function observationOf(spec: HpaSpec, recorded: RecordedSync, replicas: number): Observation {
  const starting = Math.max(0, recorded.replicas - recorded.ready);
  const ready = Math.max(0, replicas - starting);
  const requestsMilli = Object.fromEntries(
    spec.metrics.flatMap((metric) => (metric.type === 'Resource' ? [[metric.resource, REQUEST_MILLI]] : [])),
  );
  return {
    specReplicas: replicas,
    statusReplicas: replicas,
    pods: Array.from({ length: replicas }, (_, i) => ({
      name: String(i),
      phase: 'Running',
      startedAtMs: Number.MIN_SAFE_INTEGER,
      ready: { isTrue: i < ready, sinceMs: Number.MIN_SAFE_INTEGER },
      requestsMilli,
    })),
    readings: spec.metrics.map((metric, i): MetricReading => {
      const value = recorded.values[i];
      if (value === null || value === undefined) return undefined;
      if ('target' in metric) return { valuesMilli: [value * 1000] };
      const sample = { valueMilli: (value / 100) * REQUEST_MILLI, takenAtMs: 0, windowMs: 0 };
      return { byPod: new Map(Array.from({ length: ready }, (_, pod) => [String(pod), sample])) };
    }),
  };
}
