import type { FastifyInstance } from 'fastify';
import { agentApi, orchestratorApi, ragApi, requestBudget, tierTools } from '../../../contract/index.js';
import { allowedTools, UnknownToolError } from '../../agent-tools/allowed-tools.js';
import { calculator } from '../../agent-tools/calculator.js';
import { codeRunner, type RunCode } from '../../agent-tools/code-runner.js';
import { documentSearch } from '../../agent-tools/document-search.js';
import { AgentTimeoutError, runAgent } from '../../agent-tools/run-agent.js';
import { type FetchPage, webFetch } from '../../agent-tools/web-fetch.js';
import { OrchestratorChatModel } from '../../llm/orchestrator-chat-model.js';
import type { Caller } from '../../runtime/caller.js';
import { abortSignalOf } from '../../runtime/client-signal.js';
import type { Clock } from '../../runtime/clock.js';
import { errors } from '../../runtime/errors.js';
import { serveOperation } from '../../runtime/serve-operation.js';
import { buildServer, type ServerOptions } from '../../runtime/server.js';
import type { ServiceClient } from '../../runtime/service-client.js';

export interface AgentDeps {
  readonly client: ServiceClient;
  readonly clock: Clock;
  readonly runCode: RunCode;
  /** Reads pages of these hosts; without a host there is no such tool. */
  readonly web: { readonly allowedHosts: readonly string[]; readonly fetchPage: FetchPage };
  /** Time of one run. @default requestBudget.agentRunMs */
  readonly runMs?: number;
}

/** Runs a tool-using agent for one request, with those tools of the caller's tier that the request allows, for at most its time. */
export function buildAgent(deps: AgentDeps, options: ServerOptions): FastifyInstance {
  const { client, clock, runMs = requestBudget.agentRunMs } = deps;
  const app = buildServer(options);

  serveOperation(app, agentApi.execute, async ({ body, caller }) => {
    const time = AbortSignal.timeout(runMs);
    const signal = AbortSignal.any([abortSignalOf(caller.signal), time]);
    const working: Caller = { ...caller, signal };
    const tools = permitted(toolsFor(deps, working), body.tools_allowed);
    const model = new OrchestratorChatModel((request) =>
      client.call(orchestratorApi.invoke, { body: { ...request, feature: 'agent' } }, working),
    );
    try {
      return await runAgent({
        model,
        tools,
        task: body.task,
        traceparent: working.traceparent,
        signal,
        clock,
      });
    } catch (error) {
      if (error instanceof AgentTimeoutError && time.aborted) throw errors.timeout('The agent', runMs, error.done);
      throw error;
    }
  });

  serveOperation(app, agentApi.tools, async ({ caller }) => ({
    tools: toolsFor(deps, caller).map(({ name, description }) => ({ name, description })),
  }));

  return app;
}

function toolsFor({ client, runCode, web }: AgentDeps, caller: Caller) {
  const search = async (query: string) => (await client.call(ragApi.retrieve, { body: { query } }, caller)).passages;
  const all = [
    calculator,
    documentSearch(search),
    codeRunner(runCode),
    ...(web.allowedHosts.length > 0 ? [webFetch(web.fetchPage, web.allowedHosts)] : []),
  ];
  const granted: readonly string[] = tierTools[caller.identity.tier];
  return all.filter(({ name }) => granted.includes(name));
}

function permitted(tools: ReturnType<typeof toolsFor>, allowed: readonly string[] | undefined) {
  try {
    return allowedTools(tools, allowed);
  } catch (error) {
    if (error instanceof UnknownToolError)
      throw errors.invalid('tools_allowed', `names a tool that your tier does not have here. ${error.message}`);
    throw error;
  }
}
