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
