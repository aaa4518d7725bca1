import type { Workload } from '../cluster/workload.js';
import type { Assumptions } from '../model/assumptions.js';
import type { RequestProgram, Step } from '../model/request-program.js';
import { visitsOf } from '../model/request-program.js';
import type { Station } from './station.js';

/** What one request of a part of a program asks of one service. */
export interface Ask {
  readonly visits: number;
  readonly cpuSeconds: number;
}

/** One service with the lines before its workloads, and what each program asks of it. */
export interface ServiceFlow {
  readonly name: string;
  readonly stations: readonly Station[];
  /** By the program's place. */
  readonly front: readonly Ask[];
  /** For one task of the mix. */
  readonly task: Ask;
}

const NOTHING: Ask = { visits: 0, cpuSeconds: 0 };

/** @param taskShares of the tasks, by the program's place */
export function serviceFlows(
  byService: ReadonlyMap<string, readonly Workload[]>,
  stations: ReadonlyMap<Workload, Station>,
  programs: readonly RequestProgram[],
  taskShares: readonly number[],
  assumed: Assumptions,
): readonly ServiceFlow[] {
  return [...byService].map(([name, workloads]) => ({
    name,
    stations: workloads.flatMap((workload) => stations.get(workload) ?? []),
    front: programs.map(({ front }) => askOf(front, name, assumed)),
    task: programs.reduce((sum, { task }, i) => plus(sum, askOf(task, name, assumed), taskShares[i] ?? 0), NOTHING),
  }));
}

function askOf(steps: readonly Step[], service: string, { services }: Assumptions): Ask {
  const visits = visitsOf(steps);
  return steps.reduce(
    (sum, step, i) =>
      step.service === service
        ? plus(sum, { visits: 1, cpuSeconds: services[step.work].cpuMs / 1000 }, visits[i] ?? 0)
        : sum,
    NOTHING,
  );
}

function plus(sum: Ask, one: Ask, times: number): Ask {
  return { visits: sum.visits + times * one.visits, cpuSeconds: sum.cpuSeconds + times * one.cpuSeconds };
}
