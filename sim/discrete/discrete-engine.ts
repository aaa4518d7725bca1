import { Cluster } from '../cluster/cluster.js';
import { Demand } from '../fluid/demand.js';
import type { SimulateOptions } from '../fluid/simulate-options.js';
import { type Load, LoadCursor, peakRps } from '../load/load.js';
import { exponential, seededRandom } from '../model/random.js';
import type { System } from '../model/system.js';
import { Recorder } from '../report/recorder.js';
import type { SimulationResult } from '../report/result.js';
import type { Engine } from '../run-in-parts.js';
import { Chance } from './chance.js';
import { EventHeap } from './event-heap.js';
import { ARRIVAL, CLUSTER, STEP_DONE, WORK_DONE } from './events.js';
import { Journeys } from './journeys.js';
import { ModelGrants } from './model-grants.js';
import { Outcomes } from './outcomes.js';
import { Places } from './place.js';
import { RequestPool } from './request-pool.js';
import { TaskQueues } from './task-queues.js';

type EngineOptions = SimulateOptions & Required<Pick<SimulateOptions, 'everySeconds'>>;

/** Requests under way at most; the next ones are given up, as a full connection table would. */
const MOST_REQUESTS = 2_000_000;

/** A run request by request. Its clock is in seconds since the run began; the settling comes first. */
export class DiscreteEngine implements Engine {
  readonly #cluster: Cluster;
  readonly #heap = new EventHeap();
  readonly #pool: RequestPool;
  readonly #places: Places;
  readonly #tasks: TaskQueues;
  readonly #journeys: Journeys;
  readonly #outcomes: Outcomes;
  readonly #chance: Chance;
  readonly #demand: Demand;
  readonly #cursor: LoadCursor;
  readonly #grants: ModelGrants;
  readonly #offset: number;
  #recorder: Recorder;
  #isRecording = false;
  #recordedUntil = 0;
  #clusterAt = 0;

  constructor(
    private readonly system: System,
    private readonly load: Load,
    private readonly options: EngineOptions,
  ) {
    const { seed = 1, warmupSeconds = 900 } = options;
    const random = seededRandom(seed);
    this.#offset = warmupSeconds;
    this.#cluster = new Cluster(system, () => this.#tasks.line.waiting);
    this.#places = new Places(system, this.#cluster, random);
    this.#demand = new Demand(system, seed);
    this.#tasks = new TaskQueues(this.#demand);
    const longest = Math.max(...system.requests.flatMap(({ front, task }) => [front.length, task.length]));
    const wanted = Math.ceil(peakRps(load) * (warmupSeconds + load.durationSeconds)) + 1024;
    this.#pool = new RequestPool(Math.min(MOST_REQUESTS, wanted), longest);
    this.#cursor = new LoadCursor(load);
    this.#grants = new ModelGrants(system.models);
    this.#chance = new Chance(system, random);
    this.#outcomes = new Outcomes(system, this.#places);
    this.#journeys = new Journeys({
      ...{ system, places: this.#places, pool: this.#pool, heap: this.#heap, tasks: this.#tasks },
      ...{ chance: this.#chance, grants: this.#grants, outcomes: this.#outcomes },
    });
    this.#recorder = this.#newRecorder();
    this.#heap.push(0, CLUSTER);
    this.#heap.push(0, ARRIVAL);
  }

  beginRecord(): void {
    this.#isRecording = true;
    this.#recordedUntil = 0;
    this.#grants.forget();
    for (const place of this.#places.all) place.beginRecord();
    this.#recorder = this.#newRecorder();
    this.#outcomes.beginRecord(this.#recorder);
  }

  run(_from: number, to: number): void {
    const end = to + this.#offset;
    const heap = this.#heap;
    while (heap.size > 0 && heap.nextTime < end) {
      heap.pop();
      this.#handle(heap.time, heap.kind, heap.item);
    }
    if (this.#isRecording && to >= this.load.durationSeconds) this.#record(to);
  }

  result(): SimulationResult {
    return this.#recorder.result(this.load, { engine: 'discrete', seed: this.options.seed ?? 1 });
  }

  #handle(now: number, kind: number, request: number): void {
    if (kind === WORK_DONE) this.#journeys.workDone(now, request);
    else if (kind === STEP_DONE) this.#journeys.stepDone(now, request);
    else if (kind === ARRIVAL) this.#arrive(now, request === 1);
    else if (kind === CLUSTER) this.#moveCluster(now);
    else this.#journeys.queue(now, request);
  }

  /** @param comes whether there is a request at all: no look at the rate is more than a second ahead, and it changes that slowly */
  #arrive(now: number, comes: boolean): void {
    const at = Math.max(0, now - this.#offset);
    if (comes) this.#enter(now, at);
    const rate = this.#cursor.rpsAt(at);
    const gap = rate > 0 ? exponential(this.#chance.random, 1 / rate) : Number.POSITIVE_INFINITY;
    this.#heap.push(now + Math.min(gap, 1), ARRIVAL, gap <= 1 ? 1 : 0);
  }

  #enter(now: number, at: number): void {
    const { share, mix } = this.#demand.admitted(this.#cursor.mixAt(at));
    const { tally } = this.#outcomes;
    if (tally) tally.requests++;
    if (share < 1 && !this.#chance.happens(share)) return;
    if (tally) tally.admitted++;
    const pool = this.#pool;
    const request = pool.take();
    if (request < 0) {
      this.#outcomes.failed();
      return;
    }
    pool.cameAt[request] = now;
    pool.program[request] = this.#chance.program();
    pool.tier[request] = this.#chance.tier(mix);
    pool.attempt[request] = 0;
    pool.inTask[request] = 0;
    this.#journeys.begin(now, request);
  }

  /** Each second: what was used, what the cluster makes of it, and who can be served by whoever is ready now. */
  #moveCluster(now: number): void {
    const seconds = now - this.#clusterAt;
    this.#clusterAt = now;
    const { idleCores } = this.system.assumed.pods;
    for (const { workload, inFlight } of this.#places.all) {
      workload.counters.cpuSeconds += idleCores * workload.ready * seconds;
      workload.counters.inFlight = Math.max(0, inFlight);
    }
    if (this.#isRecording) {
      this.#recorder.pass(seconds);
      const at = now - this.#offset;
      if (at - this.#recordedUntil >= this.options.everySeconds - 1e-9) this.#record(at);
    }
    this.#cluster.advance(Math.round(now * 1000));
    let slots = 0;
    for (const place of this.#places.all) {
      const { ready, model } = place.workload;
      if (model.slots !== undefined) slots += ready * model.slots;
      else {
        place.line.servers = ready * model.threads;
        this.#journeys.serveNext(now, place.line);
      }
    }
    this.#tasks.line.servers = slots;
    this.#journeys.takeTasks(now);
    this.#heap.push(now + 1, CLUSTER);
  }

  #record(at: number): void {
    this.#recordedUntil = at;
    const { tally } = this.#recorder;
    tally.modelMicroUsd = this.#grants.costMicroUsd;
    tally.refusedModelCalls = this.#grants.refused;
    for (const [i, { id }] of this.system.models.models.entries()) tally.modelCalls[id] = this.#grants.calls[i] ?? 0;
    this.#recorder.record(at);
    for (const place of this.#places.all) place.beginSpan();
  }

  #newRecorder(): Recorder {
    const meters = new Map(
      this.#places.all.map((place) => [place.workload, place.meter(place.isWorker ? this.#tasks.line : place.line)]),
    );
    return new Recorder(this.system, this.#cluster, meters, {
      everySeconds: this.options.everySeconds,
      keepSeries: this.options.totalsOnly !== true,
    });
  }
}
