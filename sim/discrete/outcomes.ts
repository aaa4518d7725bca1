import { httpRequestDuration, httpRequests } from '../../contract/index.js';
import { binOf, type LatencyHistogram } from '../model/latency-histogram.js';
import { ENTRANCE, LONGEST_SYNC_SECONDS } from '../model/service-times.js';
import type { System } from '../model/system.js';
import type { Tally } from '../report/meter.js';
import type { Recorder } from '../report/recorder.js';
import type { Place, Places } from './place.js';

/** What became of requests and tasks, put down once the recording has begun. */
export class Outcomes {
  #recorder: Recorder | undefined;
  #times: readonly LatencyHistogram[] = [];
  /** Of each place: the objectives of its times, and within how many seconds an answer is good. */
  readonly #slowAfter: readonly (readonly { readonly slo: string; readonly seconds: number }[])[];
  readonly #availability: readonly string[];
  readonly #entrance: Place | undefined;

  constructor(
    { slos }: System,
    private readonly places: Places,
  ) {
    this.#slowAfter = places.all.map(({ service }) =>
      slos.flatMap(({ name, of, indicator: { metric, withinSeconds = Number.POSITIVE_INFINITY } }) =>
        of.name === service && metric === httpRequestDuration ? [{ slo: name, seconds: withinSeconds }] : [],
      ),
    );
    this.#availability = slos
      .filter(({ of, indicator }) => of.name === ENTRANCE && indicator.metric === httpRequests)
      .map(({ name }) => name);
    this.#entrance = places.first(ENTRANCE);
  }

  beginRecord(recorder: Recorder): void {
    this.#recorder = recorder;
    this.#times = this.places.all.map(({ workload }) => recorder.timesOf(workload));
  }

  /** Undefined while nothing is recorded. */
  get tally(): Tally | undefined {
    return this.#recorder?.tally;
  }

  /** A visit is over. What the entrance answers is told when the user has it. */
  visited(place: Place, seconds: number): void {
    place.inFlight--;
    place.workload.counters.observe(seconds);
    if (this.#recorder && place.service !== ENTRANCE) this.#timed(place, seconds);
  }

  /** The user has the answer. @param frontSeconds of a task: until it was published */
  answered(seconds: number, frontSeconds: number | undefined): void {
    if (!this.#recorder) return;
    this.#recorder.answers.observe(seconds);
    // Whoever waits too long for a task is told how to ask for it.
    const longest = frontSeconds === undefined ? seconds : frontSeconds + LONGEST_SYNC_SECONDS;
    if (this.#entrance) this.#timed(this.#entrance, Math.min(seconds, longest));
    for (const slo of this.#availability) this.#count(slo, false);
  }

  /** Given up by a service, or refused by every provider. */
  failed(): void {
    if (!this.#recorder) return;
    this.#recorder.tally.failed++;
    for (const slo of this.#availability) this.#count(slo, true);
  }

  #timed(place: Place, seconds: number): void {
    const bin = binOf(seconds);
    this.#times[place.at]?.observeBin(bin);
    place.times.observeBin(bin);
    for (const { slo, seconds: most } of this.#slowAfter[place.at] ?? []) this.#count(slo, seconds > most);
  }

  #count(slo: string, isBad: boolean): void {
    const { slos } = (this.#recorder as Recorder).tally;
    slos[slo] ??= { events: 0, bad: 0 };
    const known = slos[slo] as { events: number; bad: number };
    known.events++;
    if (isBad) known.bad++;
  }
}
