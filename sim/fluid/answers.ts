import { httpRequestDuration, httpRequests, worker } from '../../contract/index.js';
import type { Workload } from '../cluster/workload.js';
import { BinnedMix } from '../model/latency-histogram.js';
import type { LatencyMix } from '../model/latency-mix.js';
import { ENTRANCE, LONGEST_SYNC_SECONDS } from '../model/service-times.js';
import type { System } from '../model/system.js';
import type { Meter } from '../report/meter.js';
import type { Recorder } from '../report/recorder.js';
import type { AdmittedMix, Demand } from './demand.js';
import type { Rates, RequestTimes } from './request-times.js';
import type { Services } from './services.js';
import { type Answered, StationMeter } from './station-meter.js';
import type { Workers } from './workers.js';

/** How long answers take, put down at the end of each span: in histograms, and against the objectives. */
export class Answers {
  readonly #latest = new Map<Workload, Answered>();
  /** By what is answered: the bins of one span take the next one's times. */
  readonly #binned = new Map<string, BinnedMix>();
  /** Objectives for the share of the requests that the entrance answers well. */
  readonly #availability: readonly string[];

  constructor(
    private readonly system: System,
    private readonly services: Services,
    private readonly workers: Workers,
    private readonly times: RequestTimes,
    private readonly demand: Demand,
  ) {
    this.#availability = system.slos.flatMap(({ name, of, indicator }) =>
      of.name === ENTRANCE && indicator.metric === httpRequests ? name : [],
    );
  }

  /** @param admitted the mix of what is let in */
  record(recorder: Recorder, rates: Rates, admitted: AdmittedMix, span: number): void {
    const answers = this.#toTheUser(rates, admitted);
    for (const { name, stations } of this.services.flows) {
      const answered = this.#of(name, rates, answers);
      if (!answered) continue;
      for (const { workload, servedPerSecond } of stations) {
        this.#latest.set(workload, answered);
        recorder.timesOf(workload).add(servedPerSecond * span, answered.times, answered.atMost);
        this.#countSlow(recorder, name, answered, servedPerSecond * span);
      }
    }
    const admittedPerSecond = rates.fronts.reduce((sum, rate) => sum + rate, 0);
    if (answers) recorder.answers.add(admittedPerSecond * span, answers);
  }

  /** Requests at the entrance, and how many of them failed. */
  countFailed(recorder: Recorder, events: number, failed: number): void {
    for (const name of this.#availability) countEvents(recorder, name, events, failed);
  }

  meterOf(workload: Workload): Meter {
    const station = this.services.stations.get(workload);
    if (!station) throw new Error(`${workload.model.name} has no station.`);
    // A worker's line is the queue's.
    const workers = workload.model.service === worker.name ? this.workers : undefined;
    return new StationMeter(station, workers, () => this.#latest.get(workload));
  }

  #of(service: string, rates: Rates, answers: BinnedMix | undefined): Answered | undefined {
    const mix =
      service === worker.name ? this.workers.seconds : this.times.ofVisits(this.times.visitsOf(service), rates);
    if (!mix) return undefined;
    if (service !== ENTRANCE) return { times: this.#bin(service, mix), atMost: Number.POSITIVE_INFINITY };
    // Where a task is behind it, the entrance says after a while how to ask for it.
    const hasTasks = rates.taskShares.some((share) => share > 0);
    return {
      times: answers ?? this.#bin(service, mix),
      atMost: hasTasks ? LONGEST_SYNC_SECONDS + mix.mean : Number.POSITIVE_INFINITY,
    };
  }

  /** From the entrance to the last word, through the queue where there is one. */
  #toTheUser(rates: Rates, { mix }: AdmittedMix): BinnedMix | undefined {
    const { priorityOf } = this.demand;
    const answers = this.times.ofAnswers(rates, mix, priorityOf, (queue) => this.workers.waitIn(queue));
    return answers && this.#bin('to the user', answers);
  }

  #bin(what: string, mix: LatencyMix): BinnedMix {
    const binned = this.#binned.get(what)?.take(mix) ?? new BinnedMix(mix);
    this.#binned.set(what, binned);
    return binned;
  }

  #countSlow(recorder: Recorder, service: string, { times: { mix }, atMost }: Answered, requests: number): void {
    for (const { name, of, indicator } of this.system.slos) {
      if (of.name !== service || indicator.metric !== httpRequestDuration || indicator.withinSeconds === undefined)
        continue;
      const good = atMost <= indicator.withinSeconds ? 1 : mix.shareWithin(indicator.withinSeconds);
      countEvents(recorder, name, requests, requests * (1 - good));
    }
  }
}

function countEvents({ tally: { slos } }: Recorder, slo: string, events: number, bad: number): void {
  slos[slo] ??= { events: 0, bad: 0 };
  const known = slos[slo] as { events: number; bad: number };
  known.events += events;
  known.bad += bad;
}
