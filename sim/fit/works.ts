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

/** Where one kind of work shows in the metrics. */
export interface WorkSource {
  readonly service: ServiceSpec;
  /** Of whose count and sum it is. */
  readonly metric: { readonly name: string };
  /** The operations that are this work; undefined for all that the service answers. */
  readonly operations?: readonly Pick<Operation, 'method' | 'path'>[];
  /** Whether its time is its own: others wait for what they call, and their time says nothing of their own work. */
  readonly isLeaf: boolean;
}

const http = (service: ServiceSpec, isLeaf: boolean, ...operations: Operation[]): WorkSource => ({
  ...{ service, metric: httpRequestDuration, isLeaf },
  ...(operations.length > 0 && { operations }),
});

export const WORK_SOURCES: Readonly<Record<Work, WorkSource>> = {
  gateway: http(gateway, false),
  chat: http(chat, true, chatApi.submitChat),
  worker: { service: worker, metric: taskDuration, isLeaf: false },
  memory: http(memory, true, memoryApi.read, memoryApi.append),
  rag: http(rag, false, ragApi.retrieve),
  embed: http(orchestrator, true, orchestratorApi.embed),
  assign: http(orchestrator, true, orchestratorApi.assign),
  invoke: http(orchestrator, false, orchestratorApi.invoke, orchestratorApi.stream),
  agent: http(agent, false, agentApi.execute),
};
