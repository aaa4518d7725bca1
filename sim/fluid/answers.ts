import { httpRequestDuration, httpRequests } from '../../contract/index.js';
import type { Workload } from '../cluster/workload.js';
import type { LatencyMix } from '../model/latency-mix.js';
import { ENTRANCE, LONGEST_SYNC_SECONDS, type Moment } from '../model/service-times.js';
import type { System } from '../model/system.js';
import { type Meter, NO_TIMES } from '../report/meter.js';
import type { Recorder } from '../report/recorder.js';
import type { Quantiles } from '../report/result.js';
import type { AdmittedMix, Demand } from './demand.js';
import type { Rates, RequestTimes } from './request-times.js';
import type { Services } from './services.js';
import type { Workers } from './workers.js';

/** Times of the answers of one workload, as they are now; a caller waits no longer than `atMost`. */
interface Answered {
  readonly mix: LatencyMix;
  readonly atMost: number;
}

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
    for (const [workload, { servedPerSecond }] of this.services.stations) {
      const answered = this.#of(workload, moment, rates, answers);
      if (!answered) continue;
      this.#latest.set(workload, answered);
      recorder.timesOf(workload).add(servedPerSecond * span, answered.mix, answered.atMost);
      this.#countSlow(recorder, workload.model.service, answered, servedPerSecond * span);
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
    const latest = this.#latest;
    // A worker's line is the queue's.
    const workers = workload.model.slots === undefined ? undefined : this.workers;
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
        return workers ? workers.line.messages : station.backlog;
      },
      get waitSeconds() {
        return workers ? workers.waitSeconds : station.wait.mean;
      },
      get utilisation() {
        return workers ? workers.utilisation : station.utilisation;
      },
      quantiles: () => (station.servedPerSecond > 0 ? quantilesOf(latest.get(workload)) : NO_TIMES),
    };
  }

  #of(workload: Workload, moment: Moment, rates: Rates, answers: LatencyMix | undefined): Answered | undefined {
    const { slots, service } = workload.model;
    const mix = slots === undefined ? this.times.ofService(service, moment, rates) : this.workers.seconds;
    if (!mix || service !== ENTRANCE) return mix && { mix, atMost: Number.POSITIVE_INFINITY };
    // Where a task is behind it, the entrance says after a while how to ask for it.
    const hasTasks = rates.taskShares.some((share) => share > 0);
    return { mix: answers ?? mix, atMost: hasTasks ? LONGEST_SYNC_SECONDS + mix.mean : Number.POSITIVE_INFINITY };
  }

  /** From the entrance to the last word, through the queue where there is one. */
  #toTheUser(moment: Moment, rates: Rates, { mix }: AdmittedMix): LatencyMix | undefined {
    return this.times.ofAnswers(moment, rates, mix, this.demand.priorityOf, (queue) => this.workers.waitIn(queue));
  }

  #countSlow(recorder: Recorder, service: string, { mix, atMost }: Answered, requests: number): void {
    for (const { name, of, indicator } of this.system.slos) {
      if (of.name !== service || indicator.metric !== httpRequestDuration || indicator.withinSeconds === undefined)
        continue;
      const good = atMost <= indicator.withinSeconds ? 1 : mix.shareWithin(indicator.withinSeconds);
      countEvents(recorder, name, requests, requests * (1 - good));
    }
  }
}

function quantilesOf(answered: Answered | undefined): Quantiles {
  if (!answered) return NO_TIMES;
  const at = (share: number) => Math.min(answered.atMost, answered.mix.quantile(share));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function countEvents({ tally: { slos } }: Recorder, slo: string, events: number, bad: number): void {
  slos[slo] ??= { events: 0, bad: 0 };
  const known = slos[slo] as { events: number; bad: number };
  known.events += events;
  known.bad += bad;
}
