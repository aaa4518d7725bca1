import type { Node } from './node-pool.js';

/** One pod of a workload. Times are in ms since the run began; a time that has not been reached yet is Infinity. */
export interface Pod {
  readonly name: string;
  readonly createdMs: number;
  /** Undefined until it is scheduled. */
  node: Node | undefined;
  startedMs: number;
  readyMs: number;
  /** When it is gone, once it was told to end. */
  endsMs: number;
}

export function isEnding({ endsMs }: Pod): boolean {
  return endsMs !== Number.POSITIVE_INFINITY;
}

export function newPod(name: string, createdMs: number): Pod {
  const never = Number.POSITIVE_INFINITY;
  return { name, createdMs, node: undefined, startedMs: never, readyMs: never, endsMs: never };
}

/** As the ReplicaSet controller ranks them: without a node, not ready, then the youngest. Undefined if all are going. */
export function firstToGo(pods: readonly Pod[], nowMs: number): Pod | undefined {
  let first: Pod | undefined;
  for (const pod of pods) {
    if (isEnding(pod)) continue;
    const sooner = first ? rank(pod, nowMs) - rank(first, nowMs) || first.createdMs - pod.createdMs : -1;
    if (sooner < 0) first = pod;
  }
  return first;
}

function rank({ node, readyMs }: Pod, nowMs: number): number {
  return node === undefined ? 0 : readyMs > nowMs ? 1 : 2;
}
