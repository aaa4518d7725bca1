import type { PodObservation, RequestsMilli } from './observation.js';
import { pick, type Random, whole } from './random-choice.fixture.js';

const BOTH = { cpu: 500, memory: 500 };

/** Two containers that request 500 thousandths of everything; of one pod in hundreds one requests less. */
export function newPod(random: Random, number: number, atMs: number): PodObservation {
  const isOdd = random() < 0.003;
  const containers: Record<string, RequestsMilli> = {
    app: isOdd ? pick(random, [{ cpu: 500 }, { memory: 500 }, { cpu: 0, memory: 500 }]) : BOTH,
    ...(random() < 0.98 && { proxy: BOTH }),
  };
  const pod = { name: `pod-${number}`, requestsMilli: summed(Object.values(containers)), containers };
  return random() < 0.5
    ? { ...pod, phase: 'Pending' }
    : { ...pod, phase: 'Running', startedAtMs: atMs, ready: { isTrue: false, sinceMs: atMs } };
}

/** The same pod a while later. */
export function agedPod(random: Random, pod: PodObservation, atMs: number): PodObservation {
  if (pod.phase === 'Pending') {
    return random() < 0.5
      ? pod
      : { ...pod, phase: 'Running', startedAtMs: atMs - 1_000, ready: { isTrue: false, sinceMs: atMs - 1_000 } };
  }
  if (random() < 0.02) return { ...pod, phase: pick(random, ['Failed', 'Succeeded'] as const) };
  if (random() < 0.02) return { ...pod, isBeingDeleted: true };
  if (random() < 0.02) return { ...pod, ready: undefined };
  const turns = pod.ready?.isTrue === true ? random() < 0.04 : random() < 0.5;
  return turns
    ? { ...pod, ready: { isTrue: pod.ready?.isTrue !== true, sinceMs: atMs - whole(random, 0, 9_000) } }
    : pod;
}

/** What all containers request together; nothing where one requests nothing. */
function summed(containers: readonly RequestsMilli[]): RequestsMilli {
  const everywhere = ['cpu', 'memory'].filter((name) => containers.every((requests) => name in requests));
  return Object.fromEntries(
    everywhere.map((name) => [name, containers.reduce((sum, requests) => sum + (requests[name] ?? 0), 0)]),
  );
}
