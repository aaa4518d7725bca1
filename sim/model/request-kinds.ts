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

/** The platform's requests, as its services make them (ARCHITECTURE.md, "One request"; app/worker/answer-chat.ts). */
export function platformRequests({ requests: { kinds }, caches }: Assumptions): readonly RequestKind[] {
  const embed: Visit = { service: orchestrator, work: 'embed', chance: 1 - caches.retrievalHits };
  const retrieve: Visit = { service: rag, work: 'rag', calls: [embed] };
  const invoke: Visit = { service: orchestrator, work: 'invoke', model: true };
  const assign: Visit = { service: orchestrator, work: 'assign' };
  const remember: Visit = { service: memory, work: 'memory' };
  const entrance = (...calls: Visit[]): Visit => ({ service: gateway, work: 'gateway', calls });
  const shareOf = (name: string) => kinds[name] ?? 0;
  const all: readonly RequestKind[] = [
    {
      name: 'chat',
      share: shareOf('chat'),
      front: entrance({ service: chat, work: 'chat' }),
      task: { service: worker, work: 'worker', calls: [assign, remember, retrieve, invoke, remember] },
    },
    { name: 'completion', share: shareOf('completion'), front: entrance(invoke) },
    { name: 'retrieval', share: shareOf('retrieval'), front: entrance(retrieve) },
    {
      name: 'agent',
      share: shareOf('agent'),
      front: entrance({ service: agent, work: 'agent', calls: agentCalls(retrieve, invoke) }),
    },
  ];
  const used = all.filter(({ share }) => share > 0);
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
