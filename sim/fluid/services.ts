import { requestBudget } from '../../contract/index.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Workload } from '../cluster/workload.js';
import { modelTimes } from '../model/model-times.js';
import type { Wait } from '../model/queueing.js';
import { ENTRANCE, type ModelTimes } from '../model/service-times.js';
import type { System } from '../model/system.js';
import { type ServiceFlow, serviceFlows } from './service-flow.js';
import { Station } from './station.js';

/** The services that answer: what comes to each, what it gets done, and what it must give up. */
export class Services {
  readonly stations: ReadonlyMap<Workload, Station>;
  readonly flows: readonly ServiceFlow[];
  readonly #entrance: ServiceFlow | undefined;
  /** Processor's time of the mean request at the entrance. */
  readonly #entranceSeconds: number;
  /** All that answer, each with the wait for it; whoever takes tasks is not among them. */
  readonly #answering: readonly { readonly flow: ServiceFlow; readonly wait: { mean: number; variance: number } }[];
  /** Of these all behind the entrance. */
  readonly #called: readonly ServiceFlow[];
  /** Who turns a request into a task. */
  readonly #publisher: ServiceFlow | undefined;
  /** As it was looked at last. */
  readonly moment: { readonly waits: ReadonlyMap<string, Wait>; model: ModelTimes };

  /** @param taskShares of the tasks, by the program's place */
  constructor(
    private readonly system: System,
    cluster: Cluster,
    taskShares: readonly number[],
  ) {
    const { assumed, requests } = system;
    const patience = requestBudget.serviceCallMs / 1000;
    this.stations = new Map(
      cluster.workloads.map((workload) => {
        const proxy = workload.model.sidecar ? assumed.pods.sidecar.cpuMs / 1000 : 0;
        return [workload, new Station(workload, proxy, assumed.pods.idleCores, patience)];
      }),
    );
    this.flows = serviceFlows(cluster.byService, this.stations, requests, taskShares, assumed);
    this.#entrance = this.flowOf(ENTRANCE);
    this.#entranceSeconds = requests.reduce(
      (sum, { share }, i) => sum + share * (this.#entrance?.front[i]?.cpuSeconds ?? 0),
      0,
    );
    this.#answering = this.flows
      .filter(({ stations }) => stations.some(({ workload }) => workload.model.slots === undefined))
      .map((flow) => ({ flow, wait: { mean: 0, variance: 0 } }));
    this.#called = this.#answering.flatMap(({ flow }) => (flow === this.#entrance ? [] : flow));
    this.moment = {
      waits: new Map(this.#answering.map(({ flow, wait }) => [flow.name, wait])),
      model: { mean: 0, variance: 0 },
    };
    this.#publisher = this.flows.find(
      ({ name, front }) => name !== ENTRANCE && front.some(({ visits }, i) => visits > 0 && (taskShares[i] ?? 0) > 0),
    );
  }

  flowOf(service: string): ServiceFlow | undefined {
    return this.flows.find(({ name }) => name === service);
  }

  /** Takes in so many requests a second. @returns the share that got through */
  enter(requestsPerSecond: number, span: number): number {
    return this.#entrance ? serve(this.#entrance, requestsPerSecond, this.#entranceSeconds, span) : 1;
  }

  /** Of the requests that entered in the last tick, a second. */
  get droppedAtEntrance(): number {
    return this.#entrance ? dropped(this.#entrance) : 0;
  }

  /** Share of the last tick's requests that got as far as the queue. */
  get throughToQueue(): number {
    if (!this.#publisher) return 1;
    let through = 0;
    for (const { workload, arrivalsPerSecond, servedPerSecond } of this.#publisher.stations) {
      through += workload.model.trafficShare * (arrivalsPerSecond > 0 ? servedPerSecond / arrivalsPerSecond : 1);
    }
    return through;
  }

  /** Serves what requests and tasks call. @returns requests that failed, whose caller waits; of a task that lost a call it comes again */
  call(fronts: ArrayLike<number>, tasksPerSecond: number, span: number): number {
    let failed = 0;
    for (const flow of this.#called) {
      const { front, task, stations } = flow;
      const byTasks = tasksPerSecond * task.visits;
      let visits = byTasks;
      let cpu = tasksPerSecond * task.cpuSeconds;
      let calls = 0;
      for (let i = 0; i < fronts.length; i++) {
        const rate = fronts[i] as number;
        visits += rate * (front[i]?.visits ?? 0);
        cpu += rate * (front[i]?.cpuSeconds ?? 0);
        calls += rate * (front[i]?.visits ?? 0);
      }
      for (const station of stations) {
        station.serve(visits * station.workload.model.trafficShare * span, visits > 0 ? cpu / visits : 0, span);
      }
      const all = calls + byTasks;
      if (all > 0) failed += (dropped(flow) * span * calls) / all;
    }
    return failed;
  }

  /** Reckons anew how long everything takes, by the last tick. */
  measure(): void {
    for (const { flow } of this.#answering) for (const station of flow.stations) station.measure();
  }

  /** Writes the moment anew. @param modelShares of the calls, by the model's place */
  look(modelShares: ArrayLike<number>): void {
    for (const { flow, wait } of this.#answering) {
      wait.mean = 0;
      wait.variance = 0;
      for (const station of flow.stations) {
        const { trafficShare } = station.workload.model;
        const own = station.wait;
        wait.mean += trafficShare * own.mean;
        wait.variance += trafficShare * own.variance;
      }
    }
    const { models, assumed } = this.system;
    this.moment.model = modelTimes(models, modelShares, assumed.models.latencyCv);
  }

  forget(): void {
    for (const station of this.stations.values()) station.forget();
  }
}

/** Serves so many visits a second, each workload by its share. @returns the share that got through */
export function serve({ stations }: ServiceFlow, visitsPerSecond: number, cpuSeconds: number, span: number): number {
  let through = 0;
  for (const station of stations) {
    const { trafficShare } = station.workload.model;
    through += trafficShare * station.serve(visitsPerSecond * trafficShare * span, cpuSeconds, span);
  }
  return through;
}

function dropped({ stations }: ServiceFlow): number {
  let sum = 0;
  for (const { droppedPerSecond } of stations) sum += droppedPerSecond;
  return sum;
}
