import { type Assumptions, type AssumptionsInput, DEFAULT_ASSUMPTIONS, type Work } from '../model/assumptions.js';
import { byStep, type Counted, CPU_SECONDS, countedIn, FITTED_SERIES, increaseOf, secondsOf } from './counted.js';
import { FitError } from './fit-error.js';
import { proportional } from './proportional.js';
import { WORK_SOURCES, type WorkSource } from './works.js';

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
  /** Undefined where its time is that of what it calls too. */
  readonly ioMs: number | undefined;
}

export interface Fit {
  readonly works: readonly FittedWork[];
  /** To be given as `assume`; what was not measured is left out. */
  readonly assume: AssumptionsInput;
}

export interface Export {
  readonly source: string;
  readonly text: string;
}

/**
 * Service times and processor's time for each request, from counters that Prometheus recorded.
 * @param assumed of several kinds of work of one process, their shares of its processor's time
 * @throws {FitError} naming the file and what is wrong with it
 */
export function fitAssumptions(exports: readonly Export[], assumed: Assumptions = DEFAULT_ASSUMPTIONS): Fit {
  const counters = exports.flatMap(({ text, source }) => countedIn(text, source));
  const works = (Object.keys(WORK_SOURCES) as Work[]).flatMap((work) => fittedWork(work, counters, assumed) ?? []);
  if (works.length === 0) {
    const sources = exports.map(({ source }) => source).join(', ');
    throw new FitError(
      sources,
      `no request was counted: ${FITTED_SERIES.join(', ')} of the services, over a time with load.`,
    );
  }
  const services = Object.fromEntries(
    works.flatMap(({ work, cpuMs, ioMs }) =>
      cpuMs === undefined && ioMs === undefined
        ? []
        : [
            [
              work,
              { ...assumed.services[work], ...(cpuMs !== undefined && { cpuMs }), ...(ioMs !== undefined && { ioMs }) },
            ],
          ],
    ),
  );
  return { works, assume: { services } };
}

function fittedWork(work: Work, counters: readonly Counted[], assumed: Assumptions): FittedWork | undefined {
  const source = WORK_SOURCES[work];
  const counts = countersOf(source, 'count', counters);
  const sums = countersOf(source, 'sum', counters);
  const requests = increaseOf(counts);
  if (requests <= 0) return undefined;
  const meanSeconds = increaseOf(sums) / requests;
  const cpuMs = cpuMsOf(work, counters, assumed);
  const { isLeaf } = source;
  const ownMs = cpuMs ?? assumed.services[work].cpuMs;
  return {
    ...{ work, requests, meanSeconds, concurrency: (requests / secondsOf(counts)) * meanSeconds, cpuMs },
    ioMs: isLeaf && sums.length > 0 ? rounded(Math.max(0, meanSeconds * 1000 - ownMs)) : undefined,
  };
}

function countersOf({ service, metric, operations }: WorkSource, part: 'count' | 'sum', counters: readonly Counted[]) {
  return counters.filter(
    ({ name, labels }) =>
      name === `${metric.name}_${part}` &&
      labels.job === service.name &&
      (operations === undefined ||
        operations.some(({ method, path }) => labels.method === method && labels.endpoint === path)),
  );
}

/**
 * A process's time grows with its requests, each kind weighing as it is assumed to; what it takes without any is not theirs.
 */
function cpuMsOf(work: Work, counters: readonly Counted[], assumed: Assumptions): number | undefined {
  const { service } = WORK_SOURCES[work];
  const used = byStep(counters.filter((one) => one.name === CPU_SECONDS && one.labels.container === service.name));
  if (used.size === 0) return undefined;
  const weighed = new Map<number, number>();
  for (const other of Object.keys(WORK_SOURCES) as Work[]) {
    if (WORK_SOURCES[other].service !== service) continue;
    for (const [at, requests] of byStep(countersOf(WORK_SOURCES[other], 'count', counters))) {
      weighed.set(at, (weighed.get(at) ?? 0) + requests * assumed.services[other].cpuMs);
    }
  }
  const points = [...used].flatMap(([at, seconds]) => {
    const x = weighed.get(at);
    return x === undefined ? [] : [{ x, y: seconds * 1000 }];
  });
  const factor = proportional(points);
  return factor === undefined ? undefined : rounded(factor * assumed.services[work].cpuMs);
}

/** To a microsecond; a time of nothing is none that the model takes. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
