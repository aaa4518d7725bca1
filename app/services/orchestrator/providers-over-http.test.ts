import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { embeddingModels, keyPolicy, orchestrator, orchestratorApi, retryPolicy } from '../../../contract/index.js';
import { ManualTime } from '../../../test/support/manual-time.js';
import { MemoryAnswerIndex } from '../../adapters/memory/memory-answer-index.js';
import { MemoryCacheStore } from '../../adapters/memory/memory-cache-store.js';
import { IN_MEMORY, openDatabase } from '../../adapters/sql/database.js';
import { SqlExperimentStore } from '../../adapters/sql/sql-experiment-store.js';
import { SqlLedger } from '../../adapters/sql/sql-ledger.js';
import { inject, testOptions } from '../../runtime/service.fixture.js';
import { wireOrchestrator } from './wire-orchestrator.js';

interface Asked {
  readonly path: string;
  readonly model: string;
  readonly key: string;
}

type Reply = { readonly status: number; readonly headers?: Record<string, string> } | undefined;

describe('the orchestrator over the providers’ own protocols', () => {
  let asked: Asked[];
  /** What a request is refused with. @default nothing: it is answered */
  let refuse: (asked: Asked) => Reply;
  let time: ManualTime;
  let app: FastifyInstance;
  let close: () => Promise<void>;

  beforeEach(async () => {
    asked = [];
    refuse = () => undefined;
    time = new ManualTime();
    const server = createServer(async (request, response) => {
      const body = JSON.parse(await textOf(request));
      const { authorization, 'x-api-key': apiKey } = request.headers;
      const one = { path: request.url ?? '', model: body.model, key: String(apiKey ?? authorization?.slice(7)) };
      asked.push(one);
      const refused = refuse(one);
      response.writeHead(refused?.status ?? 200, { 'content-type': 'application/json', ...refused?.headers });
      response.end(JSON.stringify(refused ? { error: { type: 'refused', message: 'no' } } : answerTo(one, body)));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // The variable of Anthropic's own client.
    process.env.ANTHROPIC_BASE_URL = url;
    const db = await openDatabase({ path: IN_MEMORY });
    const { clock } = time;
    const providers = {
      openaiApiKeys: ['k1', 'k2'],
      openaiBaseUrl: `${url}/v1`,
      anthropicApiKeys: ['a1', 'a2'],
      models: undefined,
      budgets: undefined,
      routerModel: undefined,
      hedgeAfter: undefined,
    };
    const stores = {
      ledger: new SqlLedger(db),
      experiments: new SqlExperimentStore(db),
      cacheStore: new MemoryCacheStore(clock),
      answerIndex: new MemoryAnswerIndex(clock),
    };
    ({ app } = await wireOrchestrator({ ...stores, providers, clock }, testOptions(orchestrator)));
    close = async () => {
      delete process.env.ANTHROPIC_BASE_URL;
      await app.close();
      await db.destroy();
      server.closeAllConnections();
      server.close();
    };
  });
  afterEach(() => close());

  const invoke = (model: string) =>
    inject(app, orchestratorApi.invoke, {
      body: { model, messages: [{ role: 'user', content: 'Where is the sea?' }] },
    });
  const keys = () => asked.map(({ key }) => key);

  it('takes a provider’s keys in turn', async () => {
    for (let i = 0; i < 4; i++) expect((await invoke('gpt-4')).body).toMatchObject({ content: 'answer of gpt-4' });
    expect(keys()).toEqual(['k1', 'k2', 'k1', 'k2']);
  });

  it('lets a key rest that met a 429, for as long as Retry-After says, and answers with the other', async () => {
    refuse = ({ key }) => (key === 'k1' ? { status: 429, headers: { 'retry-after': '60' } } : undefined);
    for (let i = 0; i < 3; i++) expect((await invoke('gpt-4')).body.model).toBe('gpt-4');
    expect(keys()).toEqual(['k1', 'k2', 'k2', 'k2']);
    refuse = () => undefined;
    time.advance(59_999);
    await invoke('gpt-4');
    expect(keys().at(-1)).toBe('k2');
    time.advance(1);
    await invoke('gpt-4');
    expect(keys().at(-1)).toBe('k1');
  });

  it('lets it rest for the contract’s time where no Retry-After comes', async () => {
    refuse = ({ key }) => (key === 'k1' ? { status: 429 } : undefined);
    await invoke('gpt-4');
    time.advance(keyPolicy.restMs - 1);
    await invoke('gpt-4');
    time.advance(1);
    await invoke('gpt-4');
    expect(keys()).toEqual(['k1', 'k2', 'k2', 'k1', 'k2']);
  });

  it('tries a model again that fails for a moment, then goes down the chain of fallbacks', async () => {
    const { decision } = (await invoke('auto')).body;
    expect(decision.fallbacks.length).toBeGreaterThan(1);
    const [next, last] = decision.fallbacks;
    asked = [];
    refuse = ({ model }) => ([decision.model, next].includes(model) ? { status: 500 } : undefined);
    expect((await invoke('auto')).body).toMatchObject({ model: last, content: `answer of ${last}` });
    const tries = (model: string) => Array.from({ length: retryPolicy.attempts }, () => model);
    expect(asked.map(({ model }) => model)).toEqual([...tries(decision.model), ...tries(next), last]);
  });

  it('asks for a model by name alone when it is asked for by name', async () => {
    refuse = () => ({ status: 500 });
    expect((await invoke('gpt-4')).status).toBe(503);
    expect(new Set(asked.map(({ model }) => model))).toEqual(new Set(['gpt-4']));
  });

  it('speaks Anthropic’s protocol, with its keys in turn and rested', async () => {
    expect((await invoke('claude-3-opus')).body).toMatchObject({
      content: 'answer of claude-3-opus',
      model: 'claude-3-opus',
      usage: { input_tokens: 11, output_tokens: 7 },
    });
    expect(asked).toEqual([{ path: '/v1/messages', model: 'claude-3-opus', key: 'a1' }]);
    refuse = ({ key }) => (key.startsWith('a') ? { status: 429, headers: { 'retry-after': '60' } } : undefined);
    const { status, body } = await invoke('claude-3-opus');
    expect([status, body.error.message]).toEqual([503, 'A model is not available now; try again in 60 s.']);
    expect(keys()).toEqual(['a1', 'a2', 'a1']);
    refuse = () => undefined;
    time.advance(60_000);
    expect((await invoke('claude-3-opus')).body.model).toBe('claude-3-opus');
  });

  it('does not ask again what is refused for what it says', async () => {
    refuse = ({ model }) => (model === 'gpt-3.5-turbo' ? { status: 400 } : undefined);
    await invoke('gpt-3.5-turbo');
    expect(asked.filter(({ model }) => model === 'gpt-3.5-turbo')).toHaveLength(1);
  });

  it('embeds with the keys in turn, and past one that rests', async () => {
    const embed = async () =>
      (await inject(app, orchestratorApi.embed, { body: { texts: ['sea'] } })).body.vectors.length;
    refuse = ({ key }) => (key === 'k1' ? { status: 429, headers: { 'retry-after': '60' } } : undefined);
    expect([await embed(), await embed()]).toEqual([1, 1]);
    expect(keys()).toEqual(['k1', 'k2', 'k2']);
  });
});

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

function answerTo({ path, model }: Asked, body: { readonly input?: readonly string[] }): unknown {
  if (path.endsWith('/embeddings')) {
    const embedding = Array.from({ length: embeddingModels.openai.dimensions }, () => 0.1);
    return { object: 'list', model, data: (body.input ?? []).map((_, index) => ({ index, embedding })) };
  }
  const text = `answer of ${model}`;
  if (path.endsWith('/messages')) {
    const usage = { input_tokens: 11, output_tokens: 7 };
    const content = [{ type: 'text', text }];
    return { id: 'm', type: 'message', role: 'assistant', model, content, stop_reason: 'end_turn', usage };
  }
  const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
  const message = { role: 'assistant', content: text };
  return { id: 'c', object: 'chat.completion', model, choices: [{ index: 0, message, finish_reason: 'stop' }], usage };
}
