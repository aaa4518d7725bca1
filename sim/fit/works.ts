import {
  agent,
  agentApi,
  chat,
  chatApi,
  gateway,
  httpRequestDuration,
  memory,
  memoryApi,
  type Operation,
  orchestrator,
  orchestratorApi,
  rag,
  ragApi,
  type ServiceSpec,
  taskDuration,
  worker,
} from '../../contract/index.js';
import type { Work } from '../model/assumptions.js';
import type { Counted } from './counted.js';

/** Where one kind of work shows in the metrics. */
export interface WorkSource {
  readonly service: ServiceSpec;
  /** Of whose count and sum it is. */
  readonly metric: { readonly name: string };
  /** The operations that are this work; undefined for all that the service answers. */
  readonly operations?: readonly Pick<Operation, 'method' | 'path'>[];
}

const http = (service: ServiceSpec, ...operations: Operation[]): WorkSource => ({
  ...{ service, metric: httpRequestDuration },
  ...(operations.length > 0 && { operations }),
});

export const WORK_SOURCES: Readonly<Record<Work, WorkSource>> = {
  gateway: http(gateway),
  chat: http(chat, chatApi.submitChat),
  worker: { service: worker, metric: taskDuration },
  memory: http(memory, memoryApi.read, memoryApi.append),
  rag: http(rag, ragApi.retrieve),
  embed: http(orchestrator, orchestratorApi.embed),
  assign: http(orchestrator, orchestratorApi.assign),
  invoke: http(orchestrator, orchestratorApi.invoke, orchestratorApi.stream),
  agent: http(agent, agentApi.execute),
};

/** The counters of one part of its histogram. */
export function countersOf(
  { service, metric, operations }: WorkSource,
  part: 'count' | 'sum',
  counters: readonly Counted[],
): readonly Counted[] {
  return counters.filter(
    ({ name, labels }) =>
      name === `${metric.name}_${part}` &&
      labels.job === service.name &&
      (operations === undefined ||
        operations.some(({ method, path }) => labels.method === method && labels.endpoint === path)),
  );
}
