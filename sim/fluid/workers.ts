import { tasks, worker } from '../../contract/index.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Workload } from '../cluster/workload.js';
import type { LatencyMix } from '../model/latency-mix.js';
import { type Wait, waitOf } from '../model/queueing.js';
import { poisson } from '../model/random.js';
import type { AdmittedMix, TierShare } from './demand.js';
import type { ServiceFlow } from './service-flow.js';
import { type Services, serve } from './services.js';
import { TaskLine } from './task-line.js';
import { TasksInHand, type TaskTime } from './tasks-in-hand.js';

/** Nobody waits longer for an answer; beyond it a line is only told as endless. */
const LONGEST_WAIT_SECONDS = 86_400;

/** Over which a rate of tasks is taken. */
const LATELY_SECONDS = 15;

/** The workers with the queues before them. Tasks come and end by chance: the length of the queue that an autoscaler acts on is chance, for the most part. */
export class Workers {
  readonly line: TaskLine;
  /** Of the last tick. */
  tasksPerSecond = 0;
  /** Share of the slots that is taken. */
  utilisation = 0;
  readonly #workloads: readonly Workload[];
  readonly #flow: ServiceFlow | undefined;
  readonly #cpuSecondsPerVisit: number;
  readonly #inHand: TasksInHand;
  /** By the queue's place, over the last quarter of a minute. */
  readonly #takenPerSecond = new Float64Array(tasks.queues.length);
  #seconds: LatencyMix | undefined;
  /** Of the same, what every tick asks for. */
  #time: TaskTime = { mean: 0, scv: 0 };
  /** What the wait for a slot follows from, as it was measured last: seldom asked for, and dear. */
  #measured = { slots: 0, tasksPerSecond: 0 };
  #wait: Wait | undefined;

  constructor(
    cluster: Cluster,
    services: Services,
    private readonly random: () => number,
    tickSeconds: number,
  ) {
    this.#workloads = cluster.byService.get(worker.name) ?? [];
    this.line = new TaskLine(tasks, tickSeconds);
    this.#inHand = new TasksInHand(random);
    this.#flow = services.flowOf(worker.name);
    const { visits, cpuSeconds } = this.#flow?.task ?? { visits: 0, cpuSeconds: 0 };
    this.#cpuSecondsPerVisit = visits > 0 ? cpuSeconds / visits : 0;
  }

  /** Times of a task in its worker's hands; undefined before it was reckoned, and where there are no tasks. */
  get seconds(): LatencyMix | undefined {
    return this.#seconds;
  }

  /** @returns tasks that were published, by chance about as many as were expected */
  publish(expected: number, { tiers }: AdmittedMix): number {
    const published = poisson(this.random, expected);
    for (let at = 0; at < tiers.length; at++) {
      const { queue, share } = tiers[at] as TierShare;
      this.line.add(queue, published * share);
    }
    return published;
  }

  /** Lets the workers take what they can. */
  work(span: number, failedShare: number): void {
    const slots = this.#slots;
    const time = this.#time;
    const taken = this.line.take(this.#inHand.turn(slots, time, span), failedShare);
    this.#inHand.take(taken, slots, time, span);
    const { count } = this.#inHand;
    this.utilisation = slots > 0 ? Math.min(1, count / slots) : this.line.messages > 0 ? 1 : 0;
    this.tasksPerSecond = taken / span;
    this.#rememberTaken(span);
    const flow = this.#flow;
    if (flow) serve(flow, this.tasksPerSecond * flow.task.visits, this.#cpuSecondsPerVisit, span);
    for (const { counters } of this.#workloads) counters.inFlight = count;
  }

  /** What a task takes now. */
  measure(seconds: LatencyMix | undefined): void {
    this.#seconds = seconds;
    if (seconds) this.#time = { mean: seconds.mean, scv: seconds.scv };
    this.#measured = { slots: this.#slots, tasksPerSecond: this.#allTakenPerSecond };
    this.#wait = undefined;
  }

  /** How long a task of a queue waits for a worker. */
  waitIn(queue: number): Wait {
    const own = this.#lineSeconds(this.line.messagesOf(queue), this.#takenPerSecond[queue] ?? 0);
    // When the others' lines have gone, all workers are there for this one.
    const mean = this.#seconds?.mean ?? 0;
    const line = Math.min(own, this.#lineSeconds(this.line.messages, mean > 0 ? this.#slots / mean : 0));
    return line > 0 ? { mean: line, variance: line ** 2 / 4 } : this.#waitForSlot;
  }

  /** Of all queues together. */
  get waitSeconds(): number {
    return this.#lineSeconds(this.line.messages, this.#allTakenPerSecond) || this.#waitForSlot.mean;
  }

  /** Not of the last tick: the formula of a wait would take the chance of one second for a rate that stays. */
  get #allTakenPerSecond(): number {
    let all = 0;
    for (let queue = 0; queue < this.#takenPerSecond.length; queue++) all += this.#takenPerSecond[queue] as number;
    return all;
  }

  /** By chance, while there is no line. */
  get #waitForSlot(): Wait {
    const { slots, tasksPerSecond } = this.#measured;
    this.#wait ??= waitOf(slots, tasksPerSecond, this.#seconds?.mean ?? 0, this.#seconds?.scv ?? 1);
    return this.#wait;
  }

  get #slots(): number {
    let slots = 0;
    for (const { ready, model } of this.#workloads) slots += ready * (model.slots ?? 1);
    return slots;
  }

  #rememberTaken(span: number): void {
    const latest = Math.min(1, span / LATELY_SECONDS);
    const { served } = this.line;
    for (let queue = 0; queue < served.length; queue++) {
      const before = this.#takenPerSecond[queue] as number;
      this.#takenPerSecond[queue] = before + latest * ((served[queue] as number) / span - before);
    }
  }

  /** How long a line lasts at the rate at which it is taken lately. */
  #lineSeconds(messages: number, perSecond: number): number {
    if (messages < 0.5) return 0;
    const seconds = this.#seconds?.mean ?? 0;
    // A queue that has had no turn yet gets one soon.
    const least = seconds > 0 ? (0.05 * this.#slots) / seconds : 0;
    const rate = Math.max(perSecond, least);
    return rate > 0 ? Math.min(LONGEST_WAIT_SECONDS, messages / rate) : LONGEST_WAIT_SECONDS;
  }
}
