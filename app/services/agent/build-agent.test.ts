import { afterEach, describe, expect, it } from '@jest/globals';
import {
  AGENT_TOOLS,
  agent,
  agentApi,
  type Completion,
  type Invocation,
  orchestrator,
  orchestratorApi,
  type ToolCall,
} from '../../../contract/index.js';
import { makeSandbox } from '../../adapters/sandbox/run-in-sandbox.js';
import { serveOperation } from '../../runtime/serve-operation.js';
import { buildServer } from '../../runtime/server.js';
import { ada, bob, inject, testOptions } from '../../runtime/service.fixture.js';
import { ServiceClient } from '../../runtime/service-client.js';
import { buildAgent } from './build-agent.js';

const LONG_MS = 60_000;

describe('the agent service', () => {
  const open: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  /** An agent whose model, behind a real orchestrator's API, asks for `calls` one round after the other, then answers. */
  async function start(calls: readonly (readonly ToolCall[])[], { runMs = LONG_MS, hosts = ['docs.test'] } = {}) {
    const asked: Invocation[] = [];
    const models = buildServer(testOptions(orchestrator));
    open.push(models);
    serveOperation(models, orchestratorApi.invoke, async ({ body }) => {
      const round = asked.push(body) - 1;
      return completion(calls[round] ?? [], `done after ${round} rounds`);
    });
    const url = await models.listen({ host: '127.0.0.1', port: 0 });
    const fetched: string[] = [];
    const fetchPage = (page: string, signal: AbortSignal) => {
      fetched.push(page);
      if (!page.includes('hang')) return Promise.resolve('The sea is calm.');
      return new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    const app = buildAgent(
      {
        client: new ServiceClient({ orchestrator: url }),
        clock: () => 0,
        runCode: makeSandbox(),
        web: { allowedHosts: hosts, fetchPage },
        runMs,
      },
      testOptions(agent),
    );
    open.push(app);
    const execute = (body: { tools_allowed?: string[] } = {}, as = ada) =>
      inject(app, agentApi.execute, { body: { task: 'Look at the sea.', ...body } }, as);
    return { app, asked, fetched, execute };
  }

  it('gives the model the tools of the tier, and runs what it asks for', async () => {
    const { asked, execute } = await start([
      [
        call('web_fetch', { url: 'https://docs.test/sea' }),
        call('run_code', { code: '6 * 7' }),
        call('calculator', { expression: '1 + 1' }),
      ],
    ]);
    const { status, body } = await execute();
    expect(status).toBe(200);
    expect(body).toMatchObject({ answer: 'done after 1 rounds', finished: true, iterations: 2 });
    expect(body.steps.map((step: { output: string }) => step.output)).toEqual(['The sea is calm.', '42', '2']);
    expect(asked[0]?.tools?.map(({ name }) => name).sort()).toEqual([...AGENT_TOOLS].sort());
  });

  it('gives a tier that may not use a tool neither the tool nor a run with it', async () => {
    const code = [call('run_code', { code: '6 * 7' }), call('web_fetch', { url: 'https://docs.test/sea' })];
    const { app, asked, fetched, execute } = await start([code]);
    const { body } = await execute({}, bob);
    expect(asked[0]?.tools?.map(({ name }) => name)).toEqual(['calculator', 'document_search']);
    expect(body.steps.map((step: { error: string }) => step.error)).toEqual(
      ['run_code', 'web_fetch'].map((name) => `There is no tool "${name}" for this task.`),
    );
    expect(fetched).toEqual([]);
    const wanted = await execute({ tools_allowed: ['run_code'] }, bob);
    expect([wanted.status, wanted.body.error.param]).toEqual([400, 'tools_allowed']);
    expect(wanted.body.error.message).toContain('that your tier does not have here');
    const listed = await inject(app, agentApi.tools, {}, bob);
    expect(listed.body.tools).toHaveLength(2);
  });

  it('holds a run to what its request allows, whatever the model asks for', async () => {
    const { asked, execute } = await start([
      [call('run_code', { code: '1' }), call('calculator', { expression: '1' })],
    ]);
    const { body } = await execute({ tools_allowed: ['calculator'] });
    expect(asked[0]?.tools?.map(({ name }) => name)).toEqual(['calculator']);
    expect(body.steps).toMatchObject([{ error: 'There is no tool "run_code" for this task.' }, { output: '1' }]);
    const none = await execute({ tools_allowed: [] });
    expect([none.status, asked.at(-1)?.tools]).toEqual([200, []]);
  });

  it('has no fetch tool where the operator allows no host', async () => {
    const { app } = await start([], { hosts: [] });
    const { body } = await inject(app, agentApi.tools, {});
    expect(body.tools.map(({ name }: { name: string }) => name)).toEqual(['calculator', 'document_search', 'run_code']);
  });

  it('ends after its iterations, and says that it has not finished', async () => {
    const again = [call('calculator', { expression: '1' })];
    const { asked, execute } = await start(Array.from({ length: 9 }, () => again));
    const { status, body } = await execute();
    expect([status, body.finished, body.iterations, body.steps.length, asked.length]).toEqual([200, false, 5, 5, 5]);
  });

  it('answers 504 with what was done when its time is over', async () => {
    const { execute } = await start(
      [[call('calculator', { expression: '6 * 7' })], [call('web_fetch', { url: 'https://docs.test/hang' })]],
      { runMs: 1_500 },
    );
    const { status, body } = await execute();
    expect([status, body.error.code]).toEqual([504, 'timeout']);
    expect(body.error.details).toMatchObject({
      iterations: 2,
      steps: [{ tool: 'calculator', output: '42' }],
      usage: { input_tokens: 2, output_tokens: 2 },
    });
  });
});

let ids = 0;
function call(name: string, args: Record<string, unknown>): ToolCall {
  ids += 1;
  return { id: `call-${ids}`, name, arguments: args };
}

function completion(toolCalls: readonly ToolCall[], content: string): Completion {
  return {
    content: toolCalls.length > 0 ? '' : content,
    tool_calls: [...toolCalls],
    finish_reason: toolCalls.length > 0 ? 'tool_calls' : 'stop',
    model: 'scripted',
    usage: { input_tokens: 1, output_tokens: 1 },
    cost_usd: 0,
    decision: { class: 'simple', preferred: 'scripted', model: 'scripted', fallbacks: [], reasons: [] },
    cache: { level: 'bypass' },
  };
}
