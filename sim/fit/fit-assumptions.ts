import { type Assumptions, type AssumptionsInput, DEFAULT_ASSUMPTIONS, type Work } from '../model/assumptions.js';
import { platformVisits, type Visit } from '../model/request-kinds.js';
import { type Counted, countedIn, FITTED_SERIES, increaseOf, secondsOf } from './counted.js';
import { FitError } from './fit-error.js';
import { type FittedModel, fittedModels, overallCv } from './fit-models.js';
import { processorFactor } from './fit-processor.js';
import { countersOf, WORK_SOURCES } from './works.js';

/** One kind of work as it was measured. */
export interface FittedWork {
  readonly work: Work;
  readonly requests: number;
  /** From the request to its answer, with all that it waits for. */
  readonly meanSeconds: number;
  /** Requests under way, on the mean: their rate times their time (Little). */
  readonly concurrency: number;
  /** Undefined where the export has no processor's time of its service. */
  readonly cpuMs: number | undefined;
  /** Undefined where the time of what it calls is not known. */
  readonly ioMs: number | undefined;
}

export interface Fit {
  readonly works: readonly FittedWork[];
  readonly models: readonly FittedModel[];
  /** To be given as `assume`; what was not measured is left out. */
  readonly assume: AssumptionsInput;
}

export interface Export {
  readonly source: string;
  readonly text: string;
}

export interface FitOptions {
  /** For what was not measured, and the shares of one process's time where it does several kinds of work. @default DEFAULT_ASSUMPTIONS */
  readonly assumed?: Assumptions;
  /** All services are one process, as `npm start` has them. @default false */
  readonly oneProcess?: boolean;
}

/**
 * Service times, processor's time for each request and times of model calls, from counters that Prometheus recorded.
 * @throws {FitError} naming the file and what is wrong with it
 */
export function fitAssumptions(
  exports: readonly Export[],
  { assumed = DEFAULT_ASSUMPTIONS, oneProcess = false }: FitOptions = {},
): Fit {
  const counters = exports.flatMap(({ text, source }) => countedIn(text, source));
  const measured = measuredWorks(counters);
  if (measured.size === 0) {
    const sources = exports.map(({ source }) => source).join(', ');
    throw new FitError(
      sources,
      `no request was counted: ${FITTED_SERIES.join(', ')} of the services, over a time with load.`,
    );
  }
  const models = fittedModels(counters);
  const visits: Partial<Record<Work, Visit>> = platformVisits(assumed);
  const works = [...measured].map(([work, times]): FittedWork => {
    const factor = processorFactor(work, { counters, assumed, oneProcess });
    const cpuMs = factor === undefined ? undefined : positive(factor * assumed.services[work].cpuMs);
    const calledMs = calledMsOf(visits[work], measured, models, assumed);
    const ownMs = times.meanSeconds * 1000 - (calledMs ?? 0) - (cpuMs ?? assumed.services[work].cpuMs);
    return { work, ...times, cpuMs, ioMs: calledMs === undefined ? undefined : rounded(Math.max(0, ownMs)) };
  });
  return { works, models, assume: { services: servicesOf(works, assumed), ...modelsOf(models) } };
}

type MeasuredWork = Pick<FittedWork, 'requests' | 'meanSeconds' | 'concurrency'>;

function measuredWorks(counters: readonly Counted[]): ReadonlyMap<Work, MeasuredWork> {
  const measured = new Map<Work, MeasuredWork>();
  for (const work of Object.keys(WORK_SOURCES) as Work[]) {
    const counts = countersOf(WORK_SOURCES[work], 'count', counters);
    const sums = countersOf(WORK_SOURCES[work], 'sum', counters);
    const requests = increaseOf(counts);
    if (requests <= 0 || sums.length === 0) continue;
    const meanSeconds = increaseOf(sums) / requests;
    measured.set(work, { requests, meanSeconds, concurrency: (requests / secondsOf(counts)) * meanSeconds });
  }
  return measured;
}

/** How long it waits for what it calls. Undefined where that was not measured; the gateway waits for tasks too, in their queue. */
function calledMsOf(
  visit: Visit | undefined,
  measured: ReadonlyMap<Work, MeasuredWork>,
  models: readonly FittedModel[],
  { caches }: Assumptions,
): number | undefined {
  if (!visit) return undefined;
  const calls = models.reduce((sum, one) => sum + one.calls, 0);
  const inModels = models.reduce((sum, one) => sum + one.calls * one.meanSeconds, 0) / calls;
  const parts = (visit.calls ?? []).map(
    ({ work, chance = 1 }) => chance * (measured.get(work)?.meanSeconds ?? Number.NaN),
  );
  if (visit.model) parts.push((1 - caches.answerHits) * inModels);
  const ms = 1000 * parts.reduce((sum, one) => sum + one, 0);
  return Number.isNaN(ms) ? undefined : ms;
}

function servicesOf(works: readonly FittedWork[], assumed: Assumptions): AssumptionsInput['services'] {
  const known = works.filter(({ cpuMs, ioMs }) => cpuMs !== undefined || ioMs !== undefined);
  return Object.fromEntries(
    known.map(({ work, cpuMs = assumed.services[work].cpuMs, ioMs = assumed.services[work].ioMs }) => [
      work,
      { cpuMs, ioMs },
    ]),
  );
}

function modelsOf(models: readonly FittedModel[]): Pick<AssumptionsInput, 'models'> {
  if (models.length === 0) return {};
  const latencyMs = Object.fromEntries(models.map(({ model, meanSeconds }) => [model, positive(meanSeconds * 1000)]));
  const latencyCv = rounded(overallCv(models));
  return { models: { latencyMs, ...(latencyCv > 0 && { latencyCv }) } };
}

/** To a microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** A time of nothing is none that the model takes. */
function positive(ms: number): number {
  return Math.max(0.001, rounded(ms));
}
