import {
  httpRequestDuration,
  httpRequests,
  LATENCY_BUCKETS_SECONDS,
  requestBudget,
  tasks,
  worker,
} from '../../contract/index.js';
import { Cluster } from '../cluster/cluster.js';
import type { Workload } from '../cluster/workload.js';
import { type Load, LoadCursor } from '../load/load.js';
import type { LatencyMix } from '../model/latency-mix.js';
import { modelTimes } from '../model/model-times.js';
import { NO_WAIT, type Wait, waitOf } from '../model/queueing.js';
import { poisson, seededRandom } from '../model/random.js';
import { ENTRANCE, LONGEST_SYNC_SECONDS, type Moment } from '../model/service-times.js';
import type { System } from '../model/system.js';
import { type Meter, NO_TIMES } from '../report/meter.js';
import { Recorder } from '../report/recorder.js';
import type { Quantiles, SimulationResult } from '../report/result.js';
import { type AdmittedMix, Demand } from './demand.js';
import { ModelCalls } from './model-calls.js';
import { type Rates, RequestTimes } from './request-times.js';
import { type ServiceFlow, serviceFlows } from './service-flow.js';
import type { SimulateOptions } from './simulate-options.js';
import { Station } from './station.js';
import { TaskLine } from './task-line.js';

type EngineOptions = SimulateOptions & Required<Pick<SimulateOptions, 'tickSeconds' | 'everySeconds'>>;

/** Nobody waits longer for an answer; beyond it a line is only told as endless. */
const LONGEST_WAIT_SECONDS = 86_400;

/** Over which a rate of tasks is taken. */
const LATELY_SECONDS = 15;

/** The moving parts of a run in ticks. */
export class FluidEngine {
  readonly #cluster: Cluster;
  readonly #stations: ReadonlyMap<Workload, Station>;
  readonly #flows: readonly ServiceFlow[];
  readonly #entrance: ServiceFlow | undefined;
  readonly #workers: readonly Workload[];
  readonly #line: TaskLine;
  readonly #models: ModelCalls;
  readonly #demand: Demand;
  readonly #times: RequestTimes;
  readonly #cursor: LoadCursor;
  readonly #scaledByTime: readonly Workload[];
  readonly #modelCallsPerFront: readonly number[];
  readonly #modelCallsPerTask: number;
  #recorder: Recorder;
  #recordedUntil = 0;
  #recording = false;
  #startSeconds: number;
  #admitted: AdmittedMix;
  #fronts: number[];
  #rates: Rates;
  #taskSeconds: LatencyMix | undefined;
  #queueWait: Wait = NO_WAIT;
  #failedShare: number;
  #measuredAt = 0;
  #workerUtilisation = 0;
  #published = 0;
  readonly #random: () => number;
  /** By the queue's place, over the last quarter of a minute. */
  readonly #takenPerSecond = new Float64Array(tasks.queues.length);
  /** Tasks in workers' hands. */
  #inHand = 0;

  constructor(
    private readonly system: System,
    private readonly load: Load,
    private readonly options: EngineOptions,
  ) {
    const { assumed, requests } = system;
    const { tickSeconds, seed = 1, warmupSeconds = 900 } = options;
    this.#startSeconds = -warmupSeconds;
    this.#random = seededRandom(seed);
    this.#cluster = new Cluster(
      system,
      () => this.#messages,
      (nowMs) => this.#measure(nowMs / 1000),
    );
    const patience = requestBudget.serviceCallMs / 1000;
    this.#stations = new Map(
      this.#cluster.workloads.map((workload) => {
        const proxy = workload.model.sidecar ? assumed.pods.sidecar.cpuMs / 1000 : 0;
        return [workload, new Station(workload, proxy, assumed.pods.idleCores, patience)];
      }),
    );
    const withTask = requests.map(({ share, task }) => (task.length > 0 ? share : 0));
    const all = withTask.reduce((sum, share) => sum + share, 0) || 1;
    const taskShares = withTask.map((share) => share / all);
    this.#flows = serviceFlows(this.#cluster.byService, this.#stations, requests, taskShares, assumed);
    this.#entrance = this.#flows.find(({ name }) => name === ENTRANCE);
    this.#workers = this.#cluster.byService.get(worker.name) ?? [];
    this.#line = new TaskLine(tasks, tickSeconds);
    this.#models = new ModelCalls(system.models);
    this.#demand = new Demand(system, seed);
    this.#times = new RequestTimes(system);
    this.#cursor = new LoadCursor(load);
    this.#admitted = this.#demand.admitted(this.#cursor.mixAt(0));
    this.#scaledByTime = this.#cluster.workloads.filter(({ model }) =>
      model.autoscaler?.signals.some(({ kind }) => kind === 'quantile' || kind === 'rate'),
    );
    const { answerHits } = assumed.caches;
    const callsIn = (steps: readonly { readonly model: boolean }[]) =>
      steps.filter(({ model }) => model).length * (1 - answerHits);
    this.#modelCallsPerFront = requests.map(({ front }) => callsIn(front));
    this.#modelCallsPerTask = requests.reduce((sum, { task }, i) => sum + callsIn(task) * (taskShares[i] ?? 0), 0);
    this.#failedShare = assumed.failures.taskFailures;
    this.#fronts = requests.map(() => 0);
    this.#rates = { fronts: this.#fronts, tasks: 0, taskShares };
    this.#recorder = this.#newRecorder();
  }

  /** From here on what happens is told; what was before was the settling. */
  beginRecord(): void {
    this.#recorder = this.#newRecorder();
    this.#recording = true;
    this.#recordedUntil = 0;
    for (const station of this.#stations.values()) station.forget();
    this.#models.forget();
    this.#line.forget();
  }

  /** Both in seconds of the load; the settling is before 0. */
  run(from: number, to: number): void {
    const { tickSeconds, everySeconds } = this.options;
    for (let at = from; at < to - 1e-9; at += tickSeconds) {
      const span = Math.min(tickSeconds, to - at);
      this.#cluster.advance(Math.round((at - this.#startSeconds) * 1000));
      this.#tick(Math.max(0, at), span);
      if (!this.#recording) continue;
      this.#recorder.pass(span);
      const end = at + span;
      if (end - this.#recordedUntil >= everySeconds - 1e-9 || end >= this.load.durationSeconds - 1e-9)
        this.#record(end);
    }
  }

  result(): SimulationResult {
    return this.#recorder.result(this.load, { engine: 'fluid', seed: this.options.seed ?? 1 });
  }

  get #messages(): number {
    return this.#line.messages;
  }

  #tick(at: number, span: number): void {
    const { requests } = this.system;
    const rps = this.#cursor.rpsAt(at);
    this.#admitted = this.#demand.admitted(this.#cursor.mixAt(at));
    const admitted = rps * this.#admitted.share;
    let failed = 0;
    const through = this.#serve(this.#entrance, admitted, (ask) => ask, span);
    failed += this.#dropped(this.#entrance) * span;
    this.#published = 0;
    for (const [i, { share, task }] of requests.entries()) {
      this.#fronts[i] = admitted * share * through;
      if (task.length > 0) this.#published += this.#fronts[i] ?? 0;
    }
    const taskRate = this.#work(span);
    for (const flow of this.#flows) {
      if (flow === this.#entrance || flow.stations.every(({ workload }) => workload.model.slots !== undefined))
        continue;
      this.#serveFlow(flow, taskRate, span);
      const calls = this.#fronts.reduce((sum, rate, i) => sum + rate * (flow.front[i]?.visits ?? 0), 0);
      const all = calls + taskRate * flow.task.visits;
      // Of a task that lost a call it comes again; of a request whose caller waits it is the end.
      if (all > 0) failed += (this.#dropped(flow) * span * calls) / all;
    }
    const calls = this.#fronts.reduce((sum, rate, i) => sum + rate * (this.#modelCallsPerFront[i] ?? 0), 0);
    const refused = this.#models.make((calls + taskRate * this.#modelCallsPerTask) * span, this.#admitted.mix, span);
    failed += refused * calls * span;
    this.#failedShare =
      1 - (1 - this.system.assumed.failures.taskFailures) * (1 - refused * Math.min(1, this.#modelCallsPerTask));
    if (!this.#recording) return;
    const { tally } = this.#recorder;
    tally.requests += rps * span;
    tally.admitted += admitted * span;
    tally.failed += failed;
    this.#count('5xx', httpRequests, admitted * span, failed);
  }

  /** Publishes what came in, and lets the workers take what they can. @returns tasks a second */
  #work(span: number): number {
    const { priorityOf } = this.#demand;
    const chatFlow = this.#flows.find(
      ({ name, front }) =>
        name !== ENTRANCE && front.some(({ visits }, i) => visits > 0 && (this.#rates.taskShares[i] ?? 0) > 0),
    );
    const through = chatFlow ? this.#lastThrough(chatFlow) : 1;
    // Tasks come and end by chance: the length of the queue that an autoscaler acts on is chance, for the most part.
    const published = poisson(this.#random, this.#published * through * span);
    for (const [tier, share] of Object.entries(this.#admitted.mix)) {
      this.#line.add(priorityOf[tier as keyof typeof priorityOf], published * share);
    }
    const slots = this.#slots;
    const seconds = this.#taskSeconds ? this.#taskSeconds.mean : this.#measureTask();
    // Where a task outlives the tick its slot stays taken; else a slot takes several in one tick.
    const outlives = seconds > 2 * span;
    if (outlives)
      this.#inHand -= Math.min(this.#inHand, poisson(this.#random, this.#inHand * -Math.expm1(-span / seconds)));
    const capacity = outlives ? Math.max(0, slots - this.#inHand) : seconds > 0 ? (slots * span) / seconds : 0;
    const taken = this.#line.take(capacity, this.#failedShare);
    this.#inHand = outlives ? this.#inHand + taken : (taken * seconds) / span;
    this.#workerUtilisation = slots > 0 ? Math.min(1, this.#inHand / slots) : this.#line.messages > 0 ? 1 : 0;
    const taskRate = taken / span;
    const latest = Math.min(1, span / LATELY_SECONDS);
    for (const [priority, amount] of this.#line.served.entries()) {
      const before = this.#takenPerSecond[priority] ?? 0;
      this.#takenPerSecond[priority] = before + latest * (amount / span - before);
    }
    this.#rates = { ...this.#rates, tasks: taskRate };
    const flow = this.#flows.find(({ name }) => name === worker.name);
    if (flow) this.#serve(flow, taskRate, () => flow.task, span);
    for (const workload of this.#workers) workload.counters.inFlight = this.#inHand;
    if (this.#recording) this.#recorder.tally.tasks += published;
    return taskRate;
  }

  #serveFlow(flow: ServiceFlow, taskRate: number, span: number): void {
    let visits = taskRate * flow.task.visits;
    let cpu = taskRate * flow.task.cpuSeconds;
    for (const [i, rate] of this.#fronts.entries()) {
      visits += rate * (flow.front[i]?.visits ?? 0);
      cpu += rate * (flow.front[i]?.cpuSeconds ?? 0);
    }
    for (const station of flow.stations) {
      station.serve(visits * station.workload.model.trafficShare * span, visits > 0 ? cpu / visits : 0, span);
    }
  }

  /** Serves one visit of each request. @returns the share that got through */
  #serve(
    flow: ServiceFlow | undefined,
    rate: number,
    askOf: (ask: ServiceFlow['task']) => ServiceFlow['task'],
    span: number,
  ): number {
    if (!flow) return 1;
    const fronts = this.system.requests.reduce(
      (sum, { share }, i) => sum + share * (flow.front[i]?.cpuSeconds ?? 0),
      0,
    );
    const { visits, cpuSeconds } = askOf({ visits: 1, cpuSeconds: fronts });
    let through = 0;
    for (const station of flow.stations) {
      const { trafficShare } = station.workload.model;
      const cpu = visits > 0 ? cpuSeconds / visits : 0;
      through += trafficShare * station.serve(rate * visits * trafficShare * span, cpu, span);
    }
    return through;
  }

  #dropped(flow: ServiceFlow | undefined): number {
    return flow?.stations.reduce((sum, { droppedPerSecond }) => sum + droppedPerSecond, 0) ?? 0;
  }

  #lastThrough({ stations }: ServiceFlow): number {
    return stations.reduce((sum, { workload, arrivalsPerSecond, servedPerSecond }) => {
      const share = arrivalsPerSecond > 0 ? servedPerSecond / arrivalsPerSecond : 1;
      return sum + workload.model.trafficShare * share;
    }, 0);
  }

  #moment(): Moment {
    const waits = new Map(this.#flows.map((flow) => [flow.name, waitOfFlow(flow)]));
    return {
      wait: (service) => waits.get(service) ?? NO_WAIT,
      model: modelTimes(this.system.models, this.#models.shares, this.system.assumed.models.latencyCv),
    };
  }

  get #slots(): number {
    return this.#workers.reduce((sum, { ready, model }) => sum + ready * (model.slots ?? 1), 0);
  }

  #measureTask(): number {
    this.#taskSeconds = this.#times.ofTask(this.#moment(), this.#rates);
    return this.#taskSeconds?.mean ?? 0;
  }

  /** Before a scrape: how long everything takes now, and what has been answered since the last. */
  #measure(at: number): void {
    const seconds = at - this.#measuredAt;
    this.#measuredAt = at;
    for (const station of this.#stations.values()) station.measure();
    const moment = this.#moment();
    this.#taskSeconds = this.#times.ofTask(moment, this.#rates);
    const { mean = 0, scv = 1 } = this.#taskSeconds ?? {};
    this.#queueWait = waitOf(this.#slots, this.#rates.tasks, mean, scv);
    for (const [workload, station] of this.#stations) {
      if (workload.model.slots !== undefined) continue;
      const mix = this.#scaledByTime.includes(workload)
        ? this.#times.ofService(workload.model.service, moment, this.#rates)
        : undefined;
      workload.counters.inFlight = station.servedPerSecond * (station.wait.mean + (mix?.mean ?? 0.01));
      if (mix) observe(workload, mix, station.servedPerSecond * seconds);
    }
  }

  #record(at: number): void {
    const span = at - this.#recordedUntil;
    this.#recordedUntil = at;
    const moment = this.#moment();
    const { tally } = this.#recorder;
    for (const [workload, station] of this.#stations) {
      const mix =
        workload.model.slots === undefined
          ? this.#times.ofService(workload.model.service, moment, this.#rates)
          : this.#taskSeconds;
      if (!mix) continue;
      const atMost = workload.model.service === ENTRANCE ? this.#longestAnswer(mix) : Number.POSITIVE_INFINITY;
      const answered = workload.model.service === ENTRANCE ? (this.#answerMix(moment) ?? mix) : mix;
      this.#latest.set(workload, { mix: answered, atMost });
      this.#recorder.timesOf(workload).add(station.servedPerSecond * span, answered, atMost);
      this.#countTimes(workload.model.service, answered, atMost, station.servedPerSecond * span);
    }
    const answers = this.#answerMix(moment);
    const admitted = this.#fronts.reduce((sum, rate) => sum + rate, 0);
    if (answers) this.#recorder.answers.add(admitted * span, answers);
    tally.tasksRetried = this.#line.retried;
    tally.tasksDead = this.#line.dead;
    tally.modelMicroUsd = this.#models.costMicroUsd;
    tally.refusedModelCalls = this.#models.refusedCalls;
    for (const [i, { id }] of this.system.models.models.entries()) tally.modelCalls[id] = this.#models.calls[i] ?? 0;
    this.#recorder.record(at);
  }

  readonly #latest = new Map<Workload, { readonly mix: LatencyMix; readonly atMost: number }>();

  #answerMix(moment: Moment): LatencyMix | undefined {
    return this.#times.ofAnswers(moment, this.#rates, this.#admitted.mix, this.#demand.priorityOf, (priority) => {
      const own = this.#lineSeconds(this.#line.messagesOf(priority), this.#takenPerSecond[priority] ?? 0);
      // When the others' lines have gone, all workers are there for this one.
      const { mean: seconds = 0 } = this.#taskSeconds ?? {};
      const line = Math.min(own, this.#lineSeconds(this.#line.messages, seconds > 0 ? this.#slots / seconds : 0));
      return line > 0 ? { mean: line, variance: line ** 2 / 4 } : this.#queueWait;
    });
  }

  /** How long a line lasts at the rate at which it is taken lately. */
  #lineSeconds(messages: number, perSecond: number): number {
    if (messages < 0.5) return 0;
    const seconds = this.#taskSeconds?.mean ?? 0;
    // A queue that has had no turn yet gets one soon.
    const least = seconds > 0 ? (0.05 * this.#slots) / seconds : 0;
    const rate = Math.max(perSecond, least);
    return rate > 0 ? Math.min(LONGEST_WAIT_SECONDS, messages / rate) : LONGEST_WAIT_SECONDS;
  }

  /** Where a task is behind it, the entrance says after a while how to ask for it. */
  #longestAnswer(entrance: LatencyMix): number {
    return this.#rates.taskShares.some((share) => share > 0)
      ? LONGEST_SYNC_SECONDS + entrance.mean
      : Number.POSITIVE_INFINITY;
  }

  #countTimes(service: string, mix: LatencyMix, atMost: number, requests: number): void {
    for (const { name, of, indicator } of this.system.slos) {
      if (of.name !== service || indicator.metric !== httpRequestDuration || indicator.withinSeconds === undefined)
        continue;
      const good = atMost <= indicator.withinSeconds ? 1 : mix.shareWithin(indicator.withinSeconds);
      this.#add(name, requests, requests * (1 - good));
    }
  }

  #count(_status: '5xx', metric: unknown, events: number, bad: number): void {
    for (const { name, of, indicator } of this.system.slos) {
      if (of.name === ENTRANCE && indicator.metric === metric) this.#add(name, events, bad);
    }
  }

  #add(slo: string, events: number, bad: number): void {
    const { slos } = this.#recorder.tally;
    const known = slos[slo] ?? { events: 0, bad: 0 };
    slos[slo] = { events: known.events + events, bad: known.bad + bad };
  }

  #newRecorder(): Recorder {
    const meters = new Map(
      [...this.#stations].map(([workload, station]) => [workload, this.#meter(workload, station)]),
    );
    return new Recorder(this.system, this.#cluster, meters, {
      everySeconds: this.options.everySeconds,
      keepSeries: this.options.totalsOnly !== true,
    });
  }

  #meter(workload: Workload, station: Station): Meter {
    const engine = this;
    const isWorker = workload.model.slots !== undefined;
    return {
      get arrivals() {
        return station.sums.arrivals;
      },
      get served() {
        return station.sums.served;
      },
      get rejected() {
        return station.sums.dropped;
      },
      get queued() {
        return isWorker ? engine.#messages : station.backlog;
      },
      get waitSeconds() {
        if (!isWorker) return station.wait.mean;
        const all = engine.#takenPerSecond.reduce((sum, one) => sum + one, 0);
        return engine.#lineSeconds(engine.#line.messages, all) || engine.#queueWait.mean;
      },
      get utilisation() {
        return isWorker ? engine.#workerUtilisation : station.utilisation;
      },
      quantiles: (): Quantiles => {
        const { mix, atMost = Number.POSITIVE_INFINITY } = engine.#latest.get(workload) ?? {};
        if (!mix || station.servedPerSecond <= 0) return NO_TIMES;
        const at = (share: number) => Math.min(atMost, mix.quantile(share));
        return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
      },
    };
  }
}

function waitOfFlow({ stations }: ServiceFlow): Wait {
  let mean = 0;
  let variance = 0;
  for (const { wait, workload } of stations) {
    mean += workload.model.trafficShare * wait.mean;
    variance += workload.model.trafficShare * wait.variance;
  }
  return { mean, variance };
}

/** So many requests into the buckets of the histogram that the service exposes. */
function observe({ counters }: Workload, mix: LatencyMix, requests: number): void {
  if (requests <= 0) return;
  counters.requests += requests;
  let before = 0;
  for (const [i, bound] of [...LATENCY_BUCKETS_SECONDS, Number.POSITIVE_INFINITY].entries()) {
    const within = bound === Number.POSITIVE_INFINITY ? 1 : mix.shareWithin(bound);
    counters.buckets[i] = (counters.buckets[i] ?? 0) + requests * (within - before);
    before = within;
  }
}
