import { afterFailure } from '../../app/queue/after-failure.js';
import { type Credits, nextTurn, noCredits } from '../../app/queue/weighted-turns.js';
import {
  httpRequestDuration,
  httpRequests,
  requestBudget,
  TASK_CLASSES,
  type TaskClass,
  TIERS,
  type Tier,
  tasks,
} from '../../contract/index.js';
import { Cluster } from '../cluster/cluster.js';
import type { Workload } from '../cluster/workload.js';
import { Demand } from '../fluid/demand.js';
import type { SimulateOptions } from '../fluid/simulate-options.js';
import { type Load, LoadCursor, peakRps } from '../load/load.js';
import { LatencyHistogram } from '../model/latency-histogram.js';
import { exponential, seededRandom } from '../model/random.js';
import type { Step } from '../model/request-program.js';
import { ENTRANCE, LONGEST_SYNC_SECONDS } from '../model/service-times.js';
import type { System } from '../model/system.js';
import type { Meter } from '../report/meter.js';
import { Recorder } from '../report/recorder.js';
import type { SimulationResult } from '../report/result.js';
import { EventHeap } from './event-heap.js';
import { ModelGrants } from './model-grants.js';
import { RequestPool } from './request-pool.js';
import { ServerLine, type Turns } from './server-line.js';

type EngineOptions = SimulateOptions & Required<Pick<SimulateOptions, 'everySeconds'>>;

const ARRIVAL = 0;
const WORK_DONE = 1;
const STEP_DONE = 2;
const COME_AGAIN = 3;
const CLUSTER = 4;

/** Requests under way at most; the next ones are given up, as a full connection table would. */
const MOST_REQUESTS = 2_000_000;
const PATIENCE_SECONDS = requestBudget.serviceCallMs / 1000;

/** A workload's line and sums. */
interface Place {
  readonly workload: Workload;
  readonly line: ServerLine;
  readonly times: LatencyHistogram;
  readonly proxySeconds: number;
  arrivals: number;
  served: number;
  rejected: number;
  waitSeconds: number;
  waits: number;
  span: LatencyHistogram;
  inFlight: number;
}

/** The moving parts of a run request by request. Time is in seconds since the run began; the settling comes first. */
export class DiscreteEngine {
  readonly #cluster: Cluster;
  readonly #heap = new EventHeap();
  readonly #pool: RequestPool;
  readonly #places: readonly Place[];
  readonly #byService: ReadonlyMap<string, readonly number[]>;
  readonly #tasks: ServerLine;
  readonly #workerPlace: Place | undefined;
  readonly #random: () => number;
  readonly #demand: Demand;
  readonly #cursor: LoadCursor;
  readonly #grants: ModelGrants;
  readonly #offset: number;
  readonly #programShares: readonly number[];
  readonly #classShares: readonly number[];
  readonly #sigma: number;
  #recorder: Recorder;
  #recording = false;
  #recordedUntil = 0;
  #clusterAt = 0;
  #credits: Credits<string> = noCredits(tasks.queues);

  constructor(
    private readonly system: System,
    private readonly load: Load,
    private readonly options: EngineOptions,
  ) {
    const { seed = 1, warmupSeconds = 900 } = options;
    this.#offset = warmupSeconds;
    this.#random = seededRandom(seed);
    this.#cluster = new Cluster(system, () => this.#tasks.waiting);
    const { pods, models } = system.assumed;
    this.#places = this.#cluster.workloads.map((workload) => ({
      ...{ workload, line: new ServerLine(0), times: new LatencyHistogram(), span: new LatencyHistogram() },
      proxySeconds: workload.model.sidecar ? pods.sidecar.cpuMs / 1000 : 0,
      ...{ arrivals: 0, served: 0, rejected: 0, waitSeconds: 0, waits: 0, inFlight: 0 },
    }));
    const services = [...new Set(this.#places.map(({ workload }) => workload.model.service))];
    this.#byService = new Map(
      services.map((service) => [
        service,
        this.#places.flatMap(({ workload }, i) => (workload.model.service === service ? [i] : [])),
      ]),
    );
    this.#workerPlace = this.#places.find(({ workload }) => workload.model.slots !== undefined);
    this.#tasks = new ServerLine(0, tasks.queues.length, this.#turns());
    const longest = Math.max(...system.requests.flatMap(({ front, task }) => [front.length, task.length]));
    const wanted = Math.ceil(peakRps(load) * (warmupSeconds + load.durationSeconds)) + 1024;
    this.#pool = new RequestPool(Math.min(MOST_REQUESTS, wanted), longest);
    this.#demand = new Demand(system, seed);
    this.#cursor = new LoadCursor(load);
    this.#grants = new ModelGrants({
      models: system.models.models,
      callsPerSecond: (model) => system.models.callsPerSecond(model),
      costMicroUsd: (model) => system.models.costMicroUsd(model),
    });
    this.#programShares = system.requests.map(({ share }) => share);
    this.#classShares = TASK_CLASSES.map((one) => system.assumed.requests.classes[one] ?? 0);
    this.#sigma = Math.sqrt(Math.log1p(models.latencyCv ** 2));
    this.#recorder = this.#newRecorder();
    this.#heap.push(0, CLUSTER);
    this.#heap.push(0, ARRIVAL);
  }

  beginRecord(): void {
    this.#recording = true;
    this.#recordedUntil = 0;
    this.#grants.forget();
    for (const place of this.#places) Object.assign(place, { arrivals: 0, served: 0, rejected: 0 });
    this.#recorder = this.#newRecorder();
  }

  /** Both in seconds of the load; the settling is before 0. */
  run(_from: number, to: number): void {
    const end = to + this.#offset;
    while (this.#heap.pop()) {
      if (this.#heap.time >= end) {
        this.#heap.push(this.#heap.time, this.#heap.kind, this.#heap.item);
        break;
      }
      this.#handle(this.#heap.time, this.#heap.kind, this.#heap.item);
    }
    if (this.#recording && to >= this.load.durationSeconds) this.#record(to);
  }

  result(): SimulationResult {
    return this.#recorder.result(this.load, { engine: 'discrete', seed: this.options.seed ?? 1 });
  }

  #handle(now: number, kind: number, item: number): void {
    if (kind === WORK_DONE) this.#workDone(now, item);
    else if (kind === STEP_DONE) this.#stepDone(now, item);
    else if (kind === ARRIVAL) this.#arrive(now);
    else if (kind === COME_AGAIN) this.#queue(now, item);
    else this.#moveCluster(now);
  }

  /** Thinning: candidates come at the rate of the next second's most. */
  #arrive(now: number): void {
    const at = Math.max(0, now - this.#offset);
    const rate = this.#cursor.rpsAt(at);
    if (rate <= 0) {
      this.#heap.push(now + 1, ARRIVAL);
      return;
    }
    // No gap is longer than a second's look at the rate, which changes that slowly.
    const gap = exponential(this.#random, 1 / rate);
    this.#heap.push(now + Math.min(gap, 1), ARRIVAL);
    if (gap > 1) return;
    this.#enter(now + gap, at);
  }

  #enter(now: number, at: number): void {
    const { share, mix } = this.#demand.admitted(this.#cursor.mixAt(at));
    const { tally } = this.#recorder;
    if (this.#recording) tally.requests++;
    if (share < 1 && this.#random() >= share) return;
    if (this.#recording) tally.admitted++;
    const request = this.#pool.take();
    if (request < 0) {
      this.#fail();
      return;
    }
    const pool = this.#pool;
    pool.cameAt[request] = now;
    pool.program[request] = drawn(this.#programShares, this.#random());
    pool.tier[request] = drawnTier(mix, this.#random());
    pool.attempt[request] = 0;
    pool.inTask[request] = 0;
    this.#goTo(now, request, 0);
  }

  #steps(request: number): readonly Step[] {
    const program = this.system.requests[this.#pool.program[request] as number];
    return (this.#pool.inTask[request] === 1 ? program?.task : program?.front) ?? [];
  }

  /** Closes what ends before the step, and begins it if it happens. */
  #goTo(now: number, request: number, from: number): void {
    const steps = this.#steps(request);
    const { began, steps: width } = this.#pool;
    const base = request * width;
    let next = from;
    for (;;) {
      for (let i = 0; i < next; i++) {
        if ((steps[i] as Step).end !== next || (began[base + i] as number) < 0) continue;
        this.#visited(steps[i] as Step, now - (began[base + i] as number), request);
        began[base + i] = -1;
      }
      const step = steps[next];
      if (!step) {
        this.#partDone(now, request);
        return;
      }
      if (step.chance >= 1 || this.#random() < step.chance) break;
      began[base + next] = -1;
      next = step.end;
    }
    began[base + next] = now;
    this.#pool.step[request] = next;
    this.#visit(now, request, steps[next] as Step);
  }

  #visit(now: number, request: number, step: Step): void {
    const at = this.#placeOf(step.service);
    const place = this.#places[at];
    if (!place) {
      this.#stepDone(now, request);
      return;
    }
    this.#pool.station[request] = at;
    place.arrivals++;
    place.inFlight++;
    // In a worker's hands the work goes on beside the other tasks: its thread is hardly used.
    if (place === this.#workerPlace) {
      this.#work(now, request, place);
      return;
    }
    this.#pool.waitsSince[request] = now;
    if (place.line.arrive(request)) this.#work(now, request, place);
  }

  #work(now: number, request: number, place: Place): void {
    const step = this.#steps(request)[this.#pool.step[request] as number] as Step;
    const cpu = exponential(this.#random, this.system.assumed.services[step.work].cpuMs / 1000);
    place.workload.counters.cpuSeconds += cpu + place.proxySeconds;
    if (place !== this.#workerPlace) {
      place.waitSeconds += now - (this.#pool.waitsSince[request] as number);
      place.waits++;
    }
    this.#heap.push(now + cpu / place.workload.model.coreShare, WORK_DONE, request);
  }

  #workDone(now: number, request: number): void {
    const place = this.#places[this.#pool.station[request] as number] as Place;
    place.served++;
    if (place !== this.#workerPlace) {
      place.line.finish();
      this.#serveNext(now, place);
    }
    const step = this.#steps(request)[this.#pool.step[request] as number] as Step;
    const { ioMs } = this.system.assumed.services[step.work];
    let seconds = ioMs > 0 ? exponential(this.#random, ioMs / 1000) : 0;
    if (step.model && this.#random() >= this.system.assumed.caches.answerHits) {
      const model = this.#grants.call(this.#choice(request), now);
      if (model < 0) {
        this.#lost(now, request);
        return;
      }
      seconds += this.#modelSeconds(model);
    }
    this.#heap.push(now + seconds, STEP_DONE, request);
  }

  #stepDone(now: number, request: number): void {
    this.#goTo(now, request, (this.#pool.step[request] as number) + 1);
  }

  #serveNext(now: number, place: Place): void {
    for (;;) {
      const next = place.line.next();
      if (next < 0) return;
      if (now - (this.#pool.waitsSince[next] as number) <= PATIENCE_SECONDS) this.#work(now, next, place);
      else {
        place.line.finish();
        place.rejected++;
        this.#lost(now, next);
      }
    }
  }

  #visited({ service }: Step, seconds: number, request: number): void {
    const place = this.#places[this.#byService.get(service)?.[0] ?? -1];
    const served = this.#places[this.#pool.station[request] as number];
    const at = served?.workload.model.service === service ? served : place;
    if (!at) return;
    at.inFlight--;
    at.workload.counters.observe(seconds);
    if (service === ENTRANCE || !this.#recording) return;
    this.#answered(at, seconds);
  }

  #answered(place: Place, seconds: number): void {
    this.#recorder.timesOf(place.workload).observe(seconds);
    place.span.observe(seconds);
    for (const { name, of, indicator } of this.system.slos) {
      if (of.name !== place.workload.model.service || indicator.metric !== httpRequestDuration) continue;
      this.#event(name, seconds > (indicator.withinSeconds ?? Number.POSITIVE_INFINITY));
    }
  }

  #partDone(now: number, request: number): void {
    const pool = this.#pool;
    const program = this.system.requests[pool.program[request] as number];
    const seconds = now - (pool.cameAt[request] as number);
    if (pool.inTask[request] === 0 && program && program.task.length > 0) {
      pool.frontSeconds[request] = seconds;
      if (this.#recording) this.#recorder.tally.tasks++;
      this.#queue(now, request);
      return;
    }
    if (pool.inTask[request] === 1) {
      this.#releaseSlot(now);
      if (this.#random() < this.system.assumed.failures.taskFailures) {
        this.#tryAgain(now, request);
        return;
      }
    }
    if (this.#recording) {
      this.#recorder.answers.observe(seconds);
      this.#entranceAnswered(request, seconds);
      for (const { name, of, indicator } of this.system.slos) {
        if (of.name === ENTRANCE && indicator.metric === httpRequests) this.#event(name, false);
      }
    }
    pool.give(request);
  }

  #entranceAnswered(request: number, seconds: number): void {
    const place = this.#places[this.#byService.get(ENTRANCE)?.[0] ?? -1];
    const task = this.#pool.inTask[request] === 1;
    const longest = task ? (this.#pool.frontSeconds[request] as number) + LONGEST_SYNC_SECONDS : seconds;
    if (place) this.#answered(place, Math.min(seconds, longest));
  }

  /** Into the queue of its tier. */
  #queue(now: number, request: number): void {
    const pool = this.#pool;
    pool.inTask[request] = 1;
    const tier = TIERS[pool.tier[request] as number] as Tier;
    if (this.#tasks.arrive(request, this.#demand.priorityOf[tier])) this.#goTo(now, request, 0);
  }

  #releaseSlot(now: number): void {
    this.#tasks.finish();
    this.#takeTasks(now);
  }

  #takeTasks(now: number): void {
    for (let next = this.#tasks.next(); next >= 0; next = this.#tasks.next()) this.#goTo(now, next, 0);
  }

  /** Given up by a service, or refused by every provider. */
  #lost(now: number, request: number): void {
    const { began, steps: width } = this.#pool;
    const steps = this.#steps(request);
    for (let i = 0; i <= (this.#pool.step[request] as number); i++) {
      const at = request * width + i;
      if ((began[at] as number) < 0 || (steps[i] as Step).end <= (this.#pool.step[request] as number)) continue;
      const place = this.#places[this.#byService.get((steps[i] as Step).service)?.[0] ?? -1];
      if (place) place.inFlight--;
      began[at] = -1;
    }
    if (this.#pool.inTask[request] === 1) {
      this.#releaseSlot(now);
      this.#tryAgain(now, request);
      return;
    }
    this.#fail();
    this.#pool.give(request);
  }

  #tryAgain(now: number, request: number): void {
    const attempt = this.#pool.attempt[request] as number;
    const outcome = afterFailure({ attempt }, { reason: 'failed', retryable: true }, tasks);
    const { tally } = this.#recorder;
    if (outcome.outcome === 'retry') {
      this.#pool.attempt[request] = attempt + 1;
      if (this.#recording) tally.tasksRetried++;
      this.#heap.push(now + outcome.delaySeconds, COME_AGAIN, request);
    } else {
      if (this.#recording) tally.tasksDead++;
      this.#pool.give(request);
    }
  }

  #fail(): void {
    if (!this.#recording) return;
    this.#recorder.tally.failed++;
    for (const { name, of, indicator } of this.system.slos) {
      if (of.name === ENTRANCE && indicator.metric === httpRequests) this.#event(name, true);
    }
  }

  #event(slo: string, isBad: boolean): void {
    const { slos } = this.#recorder.tally;
    slos[slo] ??= { events: 0, bad: 0 };
    const known = slos[slo] as { events: number; bad: number };
    known.events++;
    if (isBad) known.bad++;
  }

  #moveCluster(now: number): void {
    const seconds = now - this.#clusterAt;
    this.#clusterAt = now;
    const { idleCores } = this.system.assumed.pods;
    for (const { workload, inFlight } of this.#places) {
      workload.counters.cpuSeconds += idleCores * workload.ready * seconds;
      workload.counters.inFlight = Math.max(0, inFlight);
    }
    if (this.#recording) {
      this.#recorder.pass(seconds);
      const at = now - this.#offset;
      if (at - this.#recordedUntil >= this.options.everySeconds - 1e-9) this.#record(at);
    }
    this.#cluster.advance(Math.round(now * 1000));
    let slots = 0;
    for (const place of this.#places) {
      const { ready, model } = place.workload;
      if (model.slots !== undefined) slots += ready * model.slots;
      else {
        place.line.servers = ready * model.threads;
        this.#serveNext(now, place);
      }
    }
    this.#tasks.servers = slots;
    this.#takeTasks(now);
    this.#heap.push(now + 1, CLUSTER);
  }

  #record(at: number): void {
    this.#recordedUntil = at;
    const { tally } = this.#recorder;
    tally.modelMicroUsd = this.#grants.costMicroUsd;
    tally.refusedModelCalls = this.#grants.refused;
    for (const [i, { id }] of this.system.models.models.entries()) tally.modelCalls[id] = this.#grants.calls[i] ?? 0;
    this.#recorder.record(at);
    for (const place of this.#places) {
      place.span = new LatencyHistogram();
      place.waitSeconds = 0;
      place.waits = 0;
    }
  }

  /** One workload of the service, by its share of the traffic. */
  #placeOf(service: string): number {
    const places = this.#byService.get(service) ?? [];
    if (places.length === 1) return places[0] as number;
    let left = this.#random();
    for (const at of places) {
      left -= this.#places[at]?.workload.model.trafficShare ?? 0;
      if (left < 0) return at;
    }
    return places.at(-1) ?? -1;
  }

  /** The router's choice for a prompt of a class drawn from the mix. */
  #choice(request: number) {
    const taskClass = TASK_CLASSES[drawn(this.#classShares, this.#random())] as TaskClass;
    return this.system.models.choice(TIERS[this.#pool.tier[request] as number] as Tier, taskClass);
  }

  #modelSeconds(model: number): number {
    const mean = (this.system.models.models[model]?.typicalLatencyMs ?? 0) / 1000;
    // Box and Muller.
    const normal = Math.sqrt(-2 * Math.log1p(-this.#random())) * Math.cos(2 * Math.PI * this.#random());
    return mean * Math.exp(this.#sigma * normal - this.#sigma ** 2 / 2);
  }

  /** The app's own weighted turns. */
  #turns(): Turns {
    const place = new Map(tasks.queues.map(({ priority }, i) => [priority as string, i]));
    return (hasWork) => {
      const turn = nextTurn<string>(tasks.queues, this.#credits, (priority) => hasWork(place.get(priority) ?? -1));
      if (!turn) return -1;
      this.#credits = turn.credits;
      return place.get(turn.priority) ?? -1;
    };
  }

  #newRecorder(): Recorder {
    const meters = new Map(this.#places.map((place) => [place.workload, this.#meter(place)]));
    return new Recorder(this.system, this.#cluster, meters, {
      everySeconds: this.options.everySeconds,
      keepSeries: this.options.totalsOnly !== true,
    });
  }

  #meter(place: Place): Meter {
    const line = () => (place === this.#workerPlace ? this.#tasks : place.line);
    return {
      get arrivals() {
        return place.arrivals;
      },
      get served() {
        return place.served;
      },
      get rejected() {
        return place.rejected;
      },
      get queued() {
        return line().waiting;
      },
      get waitSeconds() {
        return place.waits > 0 ? place.waitSeconds / place.waits : 0;
      },
      get utilisation() {
        const { busy, servers } = line();
        return servers > 0 ? Math.min(1, busy / servers) : busy > 0 ? 1 : 0;
      },
      quantiles: () => ({
        p50: place.span.quantile(0.5),
        p95: place.span.quantile(0.95),
        p99: place.span.quantile(0.99),
      }),
    };
  }
}

/** Place of the share that a number in [0, 1) falls into. */
function drawn(shares: readonly number[], uniform: number): number {
  let left = uniform;
  for (let i = 0; i < shares.length - 1; i++) {
    left -= shares[i] as number;
    if (left < 0) return i;
  }
  return shares.length - 1;
}

function drawnTier(mix: Readonly<Record<Tier, number>>, uniform: number): number {
  let left = uniform;
  for (let i = 0; i < TIERS.length - 1; i++) {
    left -= mix[TIERS[i] as Tier];
    if (left < 0) return i;
  }
  return TIERS.length - 1;
}
