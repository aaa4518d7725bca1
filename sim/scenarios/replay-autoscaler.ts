import { type HpaSpec, type MetricReading, NEW_HPA, type Observation, reconcile } from '../hpa/index.js';
import type { Signal } from '../model/system.js';

/** What is asked of one workload at a moment, whatever its replicas: work in pods' whole requests, and messages that wait. */
export interface Demand {
  readonly work: number;
  readonly messages: number;
}

export interface ReplayOptions {
  readonly spec: HpaSpec;
  readonly signals: readonly Signal[];
  readonly replicas: number;
  readonly durationSeconds: number;
  demandAt(seconds: number): Demand;
}

/** Seconds until a pod that was just made is ready, and counts [assumed: no node has to come first]. */
const START_SECONDS = 15;
const SYNC_SECONDS = 15;
const CPU_MILLI = 500;

/** Replicas after each sync of the real algorithm, for a demand that is prescribed: metrics of the moment, no delays but the pods'. */
export function replayAutoscaler({
  spec,
  signals,
  replicas,
  durationSeconds,
  demandAt,
}: ReplayOptions): readonly number[] {
  const history: number[] = [];
  let state = NEW_HPA;
  let pods = Array.from({ length: replicas }, (_, i) => ({ name: `p${i}`, madeMs: -600_000 }));
  let made = replicas;
  for (let at = 0; at < durationSeconds; at += SYNC_SECONDS) {
    const nowMs = at * 1000;
    const { work, messages } = demandAt(at);
    const ready = pods.filter(({ madeMs }) => madeMs + START_SECONDS * 1000 <= nowMs);
    const each = (valueMilli: number): MetricReading => ({
      byPod: new Map(
        ready.map(({ name }) => [name, { valueMilli: Math.round(valueMilli), takenAtMs: nowMs, windowMs: 0 }]),
      ),
    });
    const readings = signals.map(({ kind }): MetricReading => {
      if (kind === 'backlog') return { valuesMilli: [messages * 1000] };
      return each(kind === 'cpu' ? (work * CPU_MILLI) / ready.length : 0);
    });
    const observation: Observation = {
      specReplicas: pods.length,
      statusReplicas: pods.length,
      pods: pods.map(({ name, madeMs }) => ({
        name,
        phase: 'Running',
        startedAtMs: madeMs,
        ready: {
          isTrue: madeMs + START_SECONDS * 1000 <= nowMs,
          sinceMs: Math.min(nowMs, madeMs + START_SECONDS * 1000),
        },
        requestsMilli: { cpu: CPU_MILLI, memory: 1000 },
      })),
      readings,
    };
    const next = reconcile(spec, state, observation, nowMs);
    state = next.state;
    if (next.replicas < pods.length) pods = pods.slice(0, next.replicas);
    while (pods.length < next.replicas) pods.push({ name: `p${made++}`, madeMs: nowMs });
    history.push(next.replicas);
  }
  return history;
}
