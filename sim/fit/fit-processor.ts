import { processCpu } from '../../contract/index.js';
import type { Assumptions, Work } from '../model/assumptions.js';
import { byStep, type Counted } from './counted.js';
import { proportional } from './proportional.js';
import { countersOf, WORK_SOURCES } from './works.js';

export interface Processes {
  readonly counters: readonly Counted[];
  readonly assumed: Assumptions;
  /** All services are one process, which tells its time on the page of each. */
  readonly oneProcess: boolean;
}

/**
 * By how much the processor's time of a work differs from the assumed one. A process's time grows with its requests, each kind weighing
 * as it is assumed to; what it takes without any is not theirs.
 */
export function processorFactor(work: Work, { counters, assumed, oneProcess }: Processes): number | undefined {
  const { service } = WORK_SOURCES[work];
  const told = counters.filter(({ name }) => name === processCpu.name);
  const job = oneProcess ? told[0]?.labels.job : service.name;
  const used = byStep(told.filter(({ labels }) => labels.job === job));
  const weighed = new Map<number, number>();
  for (const other of Object.keys(WORK_SOURCES) as Work[]) {
    if (!oneProcess && WORK_SOURCES[other].service !== service) continue;
    for (const [at, requests] of byStep(countersOf(WORK_SOURCES[other], 'count', counters))) {
      weighed.set(at, (weighed.get(at) ?? 0) + requests * assumed.services[other].cpuMs);
    }
  }
  return proportional(
    [...used].flatMap(([at, seconds]) => {
      const x = weighed.get(at);
      return x === undefined ? [] : [{ x, y: seconds * 1000 }];
    }),
  );
}
