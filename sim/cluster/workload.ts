import type { Assumptions } from '../model/assumptions.js';
import type { Signal, WorkloadModel } from '../model/system.js';
import { Autoscaler } from './autoscaler.js';
import type { NodePool } from './node-pool.js';
import { firstToGo, isEnding, newPod, type Pod } from './pod.js';
import { Counters, Telemetry } from './telemetry.js';

const NEVER = Number.POSITIVE_INFINITY;

/** What an autoscaler sees of the queues: one number, as old as the last scrape and rule. */
export interface BacklogView {
  readonly recordedMessages: number;
}

/** One Deployment with its ReplicaSet and its autoscaler. */
export class Workload {
  readonly counters = new Counters();
  readonly telemetry = new Telemetry(this.counters);
  pods: Pod[] = [];
  /** Replicas that are asked for. */
  wanted: number;
  ready = 0;
  /** Pods without a node. */
  waiting = 0;
  /** Whether its autoscaler reads how many requests it answers, or how fast. */
  readonly isScaledByRequests: boolean;
  readonly #autoscaler: Autoscaler | undefined;
  readonly #signals: readonly Signal[];
  /** What each of them says now. */
  readonly #valuesMilli: Float64Array;
  #active: readonly Pod[] | undefined;
  #made = 0;
  #nextChangeMs = NEVER;

  constructor(
    readonly model: WorkloadModel,
    private readonly pool: NodePool,
    private readonly assumed: Assumptions,
  ) {
    this.wanted = model.replicas;
    const { autoscaler, requests } = model;
    const windowMs = assumed.pipeline.resourceSeconds * 1000;
    this.#autoscaler = autoscaler && new Autoscaler(autoscaler, requests, windowMs);
    this.#signals = autoscaler?.signals ?? [];
    this.#valuesMilli = new Float64Array(this.#signals.length);
    this.isScaledByRequests = this.#signals.some(({ kind }) => kind === 'quantile' || kind === 'rate');
  }

  /** Pods that count: not told to end. Another array whenever one of them has changed. */
  get active(): readonly Pod[] {
    this.#active ??= this.pods.filter((pod) => !isEnding(pod));
    return this.#active;
  }

  /** At the start: everything stands and is ready. */
  standUp(): void {
    this.#reconcileReplicas(0);
    for (const pod of this.pods) {
      pod.node = this.pool.place(this.model.name, this.model.requests, 0);
      pod.node?.images.add(this.model.service);
      pod.startedMs = pod.node ? Number.MIN_SAFE_INTEGER : NEVER;
      pod.readyMs = pod.startedMs;
    }
    this.#settle(0);
  }

  /** When the next of its pods becomes ready, or is gone. */
  get nextChangeMs(): number {
    return this.#nextChangeMs;
  }

  /** Whether pods became ready, unready or went. */
  advance(nowMs: number): boolean {
    if (nowMs < this.#nextChangeMs) return false;
    this.#settle(nowMs);
    return true;
  }

  /** The scheduler's turn for pods without a node. */
  schedule(nowMs: number): void {
    if (this.waiting === 0) return;
    const { startSeconds, imagePullSeconds, bootSeconds } = this.assumed.pods;
    let placed = false;
    for (const pod of this.pods) {
      if (pod.node !== undefined || isEnding(pod)) continue;
      const node = this.pool.place(this.model.name, this.model.requests, nowMs);
      if (!node) break;
      pod.node = node;
      const image = this.model.service;
      const pull = node.images.has(image) ? 0 : imagePullSeconds;
      node.images.add(image);
      pod.startedMs = nowMs + 1000 * (startSeconds + pull);
      pod.readyMs = pod.startedMs + 1000 * (bootSeconds + this.model.readinessSeconds);
      placed = true;
    }
    if (placed) this.#settle(nowMs);
  }

  /** A node is returned: its pods end, and others are made. */
  leave(node: Pod['node'], nowMs: number): void {
    for (const pod of this.pods) if (pod.node === node && !isEnding(pod)) this.#end(pod, nowMs);
    this.#reconcileReplicas(nowMs);
    this.#settle(nowMs);
  }

  /** One sync of its autoscaler. Says whether replicas changed. */
  sync(nowMs: number, backlog: BacklogView): boolean {
    if (!this.#autoscaler) return false;
    const { active, wanted } = this;
    const valuesMilli = this.#valuesMilli;
    for (let at = 0; at < valuesMilli.length; at++) {
      valuesMilli[at] = Math.round(this.#value(this.#signals[at] as Signal, backlog) * 1000);
    }
    const sampledAtMs = this.telemetry.resourcesAtMs;
    const replicas = this.#autoscaler.sync({ wanted, active, sampledAtMs, valuesMilli }, nowMs);
    if (replicas === this.wanted) return false;
    this.wanted = replicas;
    this.#reconcileReplicas(nowMs);
    this.#settle(nowMs);
    return true;
  }

  /** What was last decided, in the controller's own words. */
  get reason(): string {
    const { ScalingLimited, AbleToScale, ScalingActive } = this.#autoscaler?.conditions ?? {};
    if (ScalingActive?.isTrue === false) return ScalingActive.reason;
    if (ScalingLimited?.isTrue) return ScalingLimited.reason;
    return AbleToScale?.reason ?? '';
  }

  get memoryBytesPerPod(): number {
    const { memoryMiB, memoryMiBPerRequest, sidecar } = this.assumed.pods;
    const each = this.counters.inFlight / Math.max(1, this.ready);
    return (memoryMiB + memoryMiBPerRequest * each + (this.model.sidecar ? sidecar.memoryMiB / 2 : 0)) * 2 ** 20;
  }

  #reconcileReplicas(nowMs: number): void {
    const surplus = this.active.length - this.wanted;
    for (let n = surplus; n < 0; n++) this.pods.push(newPod(`${this.model.name}-${this.#made++}`, nowMs));
    for (let n = surplus; n > 0; n--) {
      const doomed = firstToGo(this.pods, nowMs);
      if (doomed) this.#end(doomed, nowMs);
    }
  }

  /** A pod without work of its own ends at once; one that serves goes on for as long as a request may take, at most. */
  #end(pod: Pod, nowMs: number): void {
    const serves = pod.readyMs <= nowMs;
    const each = this.counters.inFlight / Math.max(1, this.ready);
    const seconds = serves && each > 0.5 ? Math.min(this.model.drainSeconds, 30) : 5;
    pod.endsMs = nowMs + (pod.node ? seconds * 1000 : 0);
    this.#active = undefined;
  }

  #settle(nowMs: number): void {
    this.ready = 0;
    this.waiting = 0;
    this.#active = undefined;
    let next = NEVER;
    let hasGone = false;
    for (const pod of this.pods) {
      if (isEnding(pod)) {
        if (pod.endsMs <= nowMs && pod.node) this.pool.remove(pod.node, this.model.name, this.model.requests);
        if (pod.endsMs > nowMs) next = Math.min(next, pod.endsMs);
        else hasGone = true;
      } else if (pod.readyMs <= nowMs) this.ready++;
      else {
        if (pod.node === undefined) this.waiting++;
        next = Math.min(next, pod.readyMs);
      }
    }
    if (hasGone) this.pods = this.pods.filter(({ endsMs }) => endsMs > nowMs);
    this.#nextChangeMs = next;
  }

  #value(signal: Signal, backlog: BacklogView): number {
    const { telemetry } = this;
    switch (signal.kind) {
      case 'cpu':
        return telemetry.coresPerPod;
      case 'memory':
        return telemetry.memoryBytes;
      case 'quantile':
        return telemetry.quantile(signal.quantile) * (signal.summed ? this.ready : 1);
      case 'rate':
        return telemetry.requestsPerSecond / (signal.of === 'pod' ? Math.max(1, this.ready) : 1);
      case 'backlog':
        return backlog.recordedMessages;
      case 'silent':
        return 0;
    }
  }
}
