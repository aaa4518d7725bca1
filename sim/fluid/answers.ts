import { httpRequestDuration, httpRequests, worker } from '../../contract/index.js';
import type { Workload } from '../cluster/workload.js';
import { BinnedMix } from '../model/latency-histogram.js';
import { ENTRANCE, LONGEST_SYNC_SECONDS, type Moment } from '../model/service-times.js';
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

  constructor(
    private readonly system: System,
    private readonly services: Services,
    private readonly workers: Workers,
    private readonly times: RequestTimes,
    private readonly demand: Demand,
  ) {}

  /** @param admitted the mix of what is let in */
  record(recorder: Recorder, moment: Moment, rates: Rates, admitted: AdmittedMix, span: number): void {
    const answers = this.#toTheUser(moment, rates, admitted);
    for (const { name, stations } of this.services.flows) {
      const answered = this.#of(name, moment, rates, answers);
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
    for (const { name, of, indicator } of this.system.slos) {
      if (of.name === ENTRANCE && indicator.metric === httpRequests) countEvents(recorder, name, events, failed);
    }
  }

  meterOf(workload: Workload): Meter {
    const station = this.services.stations.get(workload);
    if (!station) throw new Error(`${workload.model.name} has no station.`);
    // A worker's line is the queue's.
    const workers = workload.model.service === worker.name ? this.workers : undefined;
    return new StationMeter(station, workers, () => this.#latest.get(workload));
  }

  #of(service: string, moment: Moment, rates: Rates, answers: BinnedMix | undefined): Answered | undefined {
    const mix = service === worker.name ? this.workers.seconds : this.times.ofService(service, moment, rates);
    if (!mix) return undefined;
    if (service !== ENTRANCE) return { times: new BinnedMix(mix), atMost: Number.POSITIVE_INFINITY };
    // Where a task is behind it, the entrance says after a while how to ask for it.
    const hasTasks = rates.taskShares.some((share) => share > 0);
    return {
      times: answers ?? new BinnedMix(mix),
      atMost: hasTasks ? LONGEST_SYNC_SECONDS + mix.mean : Number.POSITIVE_INFINITY,
    };
  }

  /** From the entrance to the last word, through the queue where there is one. */
  #toTheUser(moment: Moment, rates: Rates, { mix }: AdmittedMix): BinnedMix | undefined {
    const { priorityOf } = this.demand;
    const answers = this.times.ofAnswers(moment, rates, mix, priorityOf, (queue) => this.workers.waitIn(queue));
    return answers && new BinnedMix(answers);
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
