import type { PodRequests, PoolModel } from '../model/system.js';

/** One node, with what is left of it. */
export interface Node {
  readonly id: number;
  readonly readyMs: number;
  cpuMilli: number;
  memoryBytes: number;
  pods: number;
  /** Share of it that is taken, of the processor or of the memory. */
  used: number;
  /** Pods of each workload that stand on it. */
  readonly byWorkload: Map<string, number>;
  /** Images that it has. */
  readonly images: Set<string>;
  /** Since when the cluster autoscaler has had no need of it. */
  unneededSinceMs: number;
  /** Its pods are moving: it takes no more. */
  cordoned: boolean;
}

export interface NodeTimes {
  readonly provisionSeconds: number;
  readonly unneededSeconds: number;
  readonly delayAfterAddSeconds: number;
  readonly utilisationThreshold: number;
}

/**
 * The nodes of one pool, the scheduler that fills them and the cluster autoscaler that orders and returns them. A pod goes where fewest
 * of its own kind are, then where most is free, as the scheduler's own scores have it.
 */
export class NodePool {
  readonly nodes: Node[] = [];
  /** Nodes that are wanted and cannot be had, for the pool is at its end. */
  refused = 0;
  #nextId = 0;
  #lastAddedMs = Number.NEGATIVE_INFINITY;

  constructor(
    readonly model: PoolModel,
    private readonly times: NodeTimes,
  ) {}

  /** Takes the pod in, or says that no node has room. */
  place(workload: string, requests: PodRequests, nowMs: number): Node | undefined {
    let best: Node | undefined;
    for (const node of this.nodes) {
      if (node.cordoned || node.readyMs > nowMs || !fits(node, requests)) continue;
      if (!best || isBetter(node, best, workload)) best = node;
    }
    if (best) take(best, workload, requests, this.model.allocatable);
    return best;
  }

  remove(node: Node, workload: string, requests: PodRequests): void {
    node.cpuMilli += requests.cpuMilli;
    node.memoryBytes += requests.memoryBytes;
    node.pods += 1;
    node.used = usedOf(node, this.model.allocatable);
    node.byWorkload.set(workload, (node.byWorkload.get(workload) ?? 1) - 1);
  }

  /** Nodes for the pods that have none: those that are on their way first, then new ones, until the pool is at its end. */
  scaleUp(waiting: readonly PodRequests[], nowMs: number, delaySeconds = this.times.provisionSeconds): void {
    this.refused = 0;
    const room: Room[] = [];
    for (const node of this.nodes) if (node.readyMs > nowMs) room.push(roomOf(node));
    for (const requests of waiting) {
      let node = firstWithRoom(room, requests);
      if (!node) {
        if (this.nodes.length >= this.model.maxNodes || !fits(this.model.allocatable, requests)) {
          this.refused++;
          continue;
        }
        node = roomOf(this.#add(nowMs + delaySeconds * 1000));
        this.#lastAddedMs = nowMs;
        room.push(node);
      }
      node.cpuMilli -= requests.cpuMilli;
      node.memoryBytes -= requests.memoryBytes;
      node.pods -= 1;
    }
  }

  /** Returns nodes that are empty, and have long been little used or are given up. */
  scaleDown(nowMs: number): void {
    const { allocatable } = this.model;
    for (const node of this.nodes) {
      if (node.readyMs > nowMs || node.used >= this.times.utilisationThreshold) node.unneededSinceMs = nowMs;
    }
    if (nowMs - this.#lastAddedMs < this.times.delayAfterAddSeconds * 1000) return;
    for (let at = this.nodes.length - 1; at >= 0; at--) {
      const node = this.nodes[at] as Node;
      if (node.pods === allocatable.pods && (node.cordoned || this.#isUnneeded(node, nowMs))) this.nodes.splice(at, 1);
    }
  }

  /** A little used node whose pods all have room elsewhere: they are to move. */
  movable(nowMs: number): Node | undefined {
    if (nowMs - this.#lastAddedMs < this.times.delayAfterAddSeconds * 1000) return undefined;
    const { allocatable } = this.model;
    for (const node of this.nodes) {
      if (node.cordoned || node.pods === allocatable.pods || !this.#isUnneeded(node, nowMs)) continue;
      if (this.#roomBeside(node) >= allocatable.cpuMilli - node.cpuMilli) return node;
    }
    return undefined;
  }

  #isUnneeded({ unneededSinceMs }: Node, nowMs: number): boolean {
    return nowMs - unneededSinceMs >= this.times.unneededSeconds * 1000;
  }

  #roomBeside(node: Node): number {
    const needed = this.model.allocatable.memoryBytes - node.memoryBytes;
    // What is free in pieces too small for a pod is no room: a pod of a tenth of a node never fits into less.
    const least = this.model.allocatable.cpuMilli / 10;
    let memory = 0;
    let room = 0;
    for (const other of this.nodes) {
      if (other === node || other.cordoned) continue;
      memory += other.memoryBytes;
      if (other.cpuMilli >= least) room += other.cpuMilli;
    }
    return memory >= needed ? room : 0;
  }

  #add(readyMs: number): Node {
    const { cpuMilli, memoryBytes, pods } = this.model.allocatable;
    const id = this.#nextId++;
    const node: Node = {
      id,
      readyMs,
      cpuMilli,
      memoryBytes,
      pods,
      used: 0,
      unneededSinceMs: readyMs,
      cordoned: false,
      byWorkload: new Map(),
      images: new Set(),
    };
    this.nodes.push(node);
    return node;
  }
}

type Room = Pick<Node, 'cpuMilli' | 'memoryBytes' | 'pods'>;

function roomOf({ cpuMilli, memoryBytes, pods }: Node): Room {
  return { cpuMilli, memoryBytes, pods };
}

function firstWithRoom(room: readonly Room[], requests: PodRequests): Room | undefined {
  for (const one of room) if (fits(one, requests)) return one;
  return undefined;
}

function fits(room: Room, { cpuMilli, memoryBytes }: PodRequests): boolean {
  return room.pods > 0 && room.cpuMilli >= cpuMilli && room.memoryBytes >= memoryBytes;
}

function take(node: Node, workload: string, requests: PodRequests, allocatable: PodRequests): void {
  node.cpuMilli -= requests.cpuMilli;
  node.memoryBytes -= requests.memoryBytes;
  node.pods -= 1;
  node.used = usedOf(node, allocatable);
  node.byWorkload.set(workload, (node.byWorkload.get(workload) ?? 0) + 1);
}

function usedOf({ cpuMilli, memoryBytes }: Room, all: PodRequests): number {
  return Math.max(1 - cpuMilli / all.cpuMilli, 1 - memoryBytes / all.memoryBytes);
}

function isBetter(one: Node, other: Node, workload: string): boolean {
  const [own, others] = [one.byWorkload.get(workload) ?? 0, other.byWorkload.get(workload) ?? 0];
  return own === others ? one.cpuMilli > other.cpuMilli : own < others;
}
