import {
  agent,
  agentPolicy,
  chat,
  flows,
  gateway,
  memory,
  orchestrator,
  rag,
  type ServiceSpec,
  worker,
} from '../../contract/index.js';
import type { Assumptions, Work } from './assumptions.js';

/** One visit of a request: own work first, then what it calls, one after the other. */
export interface Visit {
  readonly service: ServiceSpec;
  readonly work: Work;
  /** Chance that it happens at all, once its caller has been reached. @default 1 */
  readonly chance?: number;
  readonly calls?: readonly Visit[];
  /** Ends with a call of a model, unless the semantic cache answers. */
  readonly model?: boolean;
}

/** What one kind of request does: while its caller waits, and afterwards as a task. */
export interface RequestKind {
  readonly name: string;
  readonly share: number;
  readonly front: Visit;
  readonly task?: Visit;
}

/** Each kind of work with what it calls, as the services make their calls (ARCHITECTURE.md, "One request"; app/worker/answer-chat.ts). */
export function platformVisits({ caches }: Assumptions): Readonly<Record<Exclude<Work, 'gateway'>, Visit>> {
  const embed: Visit = { service: orchestrator, work: 'embed', chance: 1 - caches.retrievalHits };
  const retrieve: Visit = { service: rag, work: 'rag', calls: [embed] };
  const invoke: Visit = { service: orchestrator, work: 'invoke', model: true };
  const assign: Visit = { service: orchestrator, work: 'assign' };
  const remember: Visit = { service: memory, work: 'memory' };
  return {
    chat: { service: chat, work: 'chat' },
    worker: { service: worker, work: 'worker', calls: [assign, remember, retrieve, invoke, remember] },
    memory: remember,
    rag: retrieve,
    embed,
    assign,
    invoke,
    agent: { service: agent, work: 'agent', calls: agentCalls(retrieve, invoke) },
  };
}

/** The platform's requests, by what they ask the gateway for. */
export function platformRequests(assumed: Assumptions): readonly RequestKind[] {
  const visits = platformVisits(assumed);
  const entrance = (call: Visit): Visit => ({ service: gateway, work: 'gateway', calls: [call] });
  const all: readonly Omit<RequestKind, 'share'>[] = [
    { name: 'chat', front: entrance(visits.chat), task: visits.worker },
    { name: 'completion', front: entrance(visits.invoke) },
    { name: 'retrieval', front: entrance(visits.rag) },
    { name: 'agent', front: entrance(visits.agent) },
  ];
  const used = all.flatMap((kind) => {
    const share = assumed.requests.kinds[kind.name] ?? 0;
    return share > 0 ? [{ ...kind, share }] : [];
  });
  for (const { front, task } of used) for (const visit of [front, task]) if (visit) holdToFlows(visit);
  return used;
}

/** A turn with the model, a tool, and so on, to about half of the turns that it may have. */
function agentCalls(retrieve: Visit, invoke: Visit): Visit[] {
  const rounds = Math.ceil(agentPolicy.maxIterations / 2);
  return [...Array.from({ length: rounds - 1 }, () => [invoke, retrieve]).flat(), invoke];
}

/** A call that the contract does not allow would be refused in the cluster. */
function holdToFlows({ service, calls = [] }: Visit): void {
  for (const call of calls) {
    if (call.service !== service && !flows.some(({ from, to }) => from === service && to === call.service)) {
      throw new Error(`The contract has no flow from ${service.name} to ${call.service.name}.`);
    }
    holdToFlows(call);
  }
}
