import { worker } from '../../contract/index.js';
import { BoundShares, MixedTimes } from '../cluster/answered-times.js';
import { Cluster } from '../cluster/cluster.js';
import { type Load, LoadCursor } from '../load/load.js';
import type { LatencyMix } from '../model/latency-mix.js';
import { seededRandom } from '../model/random.js';
import type { System } from '../model/system.js';
import { Recorder } from '../report/recorder.js';
import type { SimulationResult } from '../report/result.js';
import type { Engine } from '../run-in-parts.js';
import { Answers } from './answers.js';
import { type AdmittedMix, Demand } from './demand.js';
import { ModelCalls } from './model-calls.js';
import { RequestTimes, type Visits } from './request-times.js';
import { Services } from './services.js';
import type { SimulateOptions } from './simulate-options.js';
import type { Station } from './station.js';
import { Workers } from './workers.js';

type EngineOptions = SimulateOptions & Required<Pick<SimulateOptions, 'tickSeconds' | 'everySeconds'>>;

/** What a service is taken to have under way for each request a second, where nobody asks for its times. */
const USUAL_SECONDS = 0.01;

/**
 * A run in ticks. In each, requests enter, become tasks, and call services and models; whenever the cluster is measured, times are reckoned from
 * how busy everything is; at the end of each span they are put down.
 */
export class FluidEngine implements Engine {
  readonly #cluster: Cluster;
  readonly #services: Services;
  readonly #workers: Workers;
  readonly #models: ModelCalls;
  readonly #demand: Demand;
  readonly #times: RequestTimes;
  readonly #answers: Answers;
  readonly #cursor: LoadCursor;
  readonly #startSeconds: number;
  /** The services that answer, and of each of which an autoscaler reads times the visits that they are of. */
  readonly #measured: readonly { readonly stations: readonly Station[]; readonly visits?: Visits }[];
  /** Requests a second of each program, tasks a second, and the tasks' shares by program. */
  readonly #rates: { readonly fronts: number[]; tasks: number; readonly taskShares: readonly number[] };
  #recorder: Recorder;
  #recordedUntil = 0;
  #isRecording = false;
  #admitted: AdmittedMix;
  #measuredAt = 0;

  constructor(
    private readonly system: System,
    private readonly load: Load,
    private readonly options: EngineOptions,
  ) {
    const { requests } = system;
    const { tickSeconds, seed = 1, warmupSeconds = 900 } = options;
    this.#startSeconds = -warmupSeconds;
    this.#cluster = new Cluster(
      system,
      () => this.#workers.line.messages,
      (nowMs) => this.#measure(nowMs / 1000),
    );
    const withTask = requests.map(({ share, task }) => (task.length > 0 ? share : 0));
    const all = withTask.reduce((sum, share) => sum + share, 0) || 1;
    const taskShares = withTask.map((share) => share / all);
    this.#services = new Services(system, this.#cluster, taskShares);
    this.#workers = new Workers(this.#cluster, this.#services, seededRandom(seed), tickSeconds);
    this.#models = new ModelCalls(system, taskShares);
    this.#demand = new Demand(system, seed);
    this.#times = new RequestTimes(system, this.#services.moment);
    this.#answers = new Answers(system, this.#services, this.#workers, this.#times, this.#demand);
    this.#cursor = new LoadCursor(load);
    this.#admitted = this.#demand.admitted(this.#cursor.mixAt(0));
    this.#measured = this.#services.flows
      .filter(({ name }) => name !== worker.name)
      .map(({ name, stations }) => ({
        stations,
        ...(stations.some(({ workload }) => workload.isScaledByRequests) && { visits: this.#times.visitsOf(name) }),
      }));
    this.#rates = { fronts: requests.map(() => 0), tasks: 0, taskShares };
    this.#recorder = this.#newRecorder();
  }

  beginRecord(): void {
    this.#recorder = this.#newRecorder();
    this.#isRecording = true;
    this.#recordedUntil = 0;
    this.#services.forget();
    this.#models.forget();
    this.#workers.line.forget();
  }

  run(from: number, to: number): void {
    const { tickSeconds, everySeconds } = this.options;
    for (let at = from; at < to - 1e-9; at += tickSeconds) {
      const span = Math.min(tickSeconds, to - at);
      this.#cluster.advance(Math.round((at - this.#startSeconds) * 1000));
      this.#tick(Math.max(0, at), span);
      if (!this.#isRecording) continue;
      this.#recorder.pass(span);
      const end = at + span;
      if (end - this.#recordedUntil >= everySeconds - 1e-9 || end >= this.load.durationSeconds - 1e-9)
        this.#record(end);
    }
  }

  result(): SimulationResult {
    return this.#recorder.result(this.load, { engine: 'fluid', seed: this.options.seed ?? 1 });
  }

  #tick(at: number, span: number): void {
    const rps = this.#cursor.rpsAt(at);
    this.#admitted = this.#demand.admitted(this.#cursor.mixAt(at));
    const admitted = rps * this.#admitted.share;
    let failed = 0;
    const through = this.#services.enter(admitted, span);
    failed += this.#services.droppedAtEntrance * span;
    const published = this.#pass(admitted, through, span);
    failed += this.#services.call(this.#rates.fronts, this.#rates.tasks, span);
    failed += this.#models.make(this.#rates.fronts, this.#workers.line.served, this.#admitted, span);
    if (!this.#isRecording) return;
    const { tally } = this.#recorder;
    tally.requests += rps * span;
    tally.admitted += admitted * span;
    tally.failed += failed;
    tally.tasks += published;
    this.#answers.countFailed(this.#recorder, admitted * span, failed);
  }

  /** Hands what entered to the services, and its tasks to the workers. @returns tasks that were published */
  #pass(admitted: number, through: number, span: number): number {
    const { requests } = this.system;
    const { fronts } = this.#rates;
    let tasks = 0;
    for (let i = 0; i < requests.length; i++) {
      const { share, task } = requests[i] as (typeof requests)[number];
      const rate = admitted * share * through;
      fronts[i] = rate;
      if (task.length > 0) tasks += rate;
    }
    const published = this.#workers.publish(tasks * this.#services.throughToQueue * span, this.#admitted);
    if (!this.#workers.seconds) this.#workers.measure(this.#taskSeconds());
    this.#workers.work(span, this.#models.failedShare);
    this.#rates.tasks = this.#workers.tasksPerSecond;
    return published;
  }

  /** What a task takes now, in its worker's hands. */
  #taskSeconds(): LatencyMix | undefined {
    this.#services.look(this.#models.shares);
    return this.#times.ofTask(this.#rates);
  }

  /** Before a scrape: how long everything takes now, and what has been answered since the last. */
  #measure(at: number): void {
    const seconds = at - this.#measuredAt;
    this.#measuredAt = at;
    this.#services.measure();
    this.#workers.measure(this.#taskSeconds());
    for (const { stations, visits } of this.#measured) {
      const mix = visits && this.#times.ofVisits(visits, this.#rates);
      const mean = mix?.mean ?? USUAL_SECONDS;
      const shares = mix && new BoundShares(mix);
      for (const { workload, servedPerSecond, wait } of stations) {
        workload.counters.inFlight = servedPerSecond * (wait.mean + mean);
        if (!shares || !workload.isScaledByRequests) continue;
        workload.counters.observeAll(new MixedTimes(servedPerSecond * seconds, shares));
      }
    }
  }

  #record(at: number): void {
    const span = at - this.#recordedUntil;
    this.#recordedUntil = at;
    this.#services.look(this.#models.shares);
    this.#answers.record(this.#recorder, this.#rates, this.#admitted, span);
    const { tally } = this.#recorder;
    tally.tasksRetried = this.#workers.line.retried;
    tally.tasksDead = this.#workers.line.dead;
    tally.modelMicroUsd = this.#models.costMicroUsd;
    tally.refusedModelCalls = this.#models.refusedCalls;
    for (const [i, { id }] of this.system.models.models.entries()) tally.modelCalls[id] = this.#models.calls[i] ?? 0;
    this.#recorder.record(at);
  }

  #newRecorder(): Recorder {
    const meters = new Map(this.#cluster.workloads.map((workload) => [workload, this.#answers.meterOf(workload)]));
    return new Recorder(this.system, this.#cluster, meters, {
      everySeconds: this.options.everySeconds,
      keepSeries: this.options.totalsOnly !== true,
    });
  }
}
