import type { External, Flow } from '../vocabulary/index.js';
import { ports } from './ports.js';
import { agent, canary, chat, gateway, memory, orchestrator, rag, worker } from './services.js';
import { objectStore, postgres, prometheus, qdrant, rabbitmq, redis } from './stores.js';

/** Model providers, reached over TLS. */
export const modelProviders = { external: 'model providers', port: ports.https } as const satisfies External;

/** Web pages that the agent's fetch tool may read. */
export const allowedWebsites = { external: 'allowed websites', port: ports.https } as const satisfies External;

function from(service: Flow['from'], ...targets: Flow['to'][]): Flow[] {
  return targets.map((to) => ({ from: service, to }));
}

/** The call graph: network policies, mesh authorization and the simulator are made from it. */
export const flows: readonly Flow[] = [
  ...from(gateway, chat, rag, agent, memory, orchestrator, redis, postgres),
  ...from(chat, redis, rabbitmq),
  ...from(worker, redis, rabbitmq, rag, memory, orchestrator),
  ...from(rag, orchestrator, redis, postgres, qdrant, objectStore),
  ...from(agent, rag, orchestrator, allowedWebsites),
  ...from(memory, redis),
  ...from(orchestrator, redis, postgres, qdrant, modelProviders),
  ...from(canary, prometheus),
];
