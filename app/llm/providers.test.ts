import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HumanMessage } from '@langchain/core/messages';
import { embeddingModels, type ModelSpec, models } from '../../contract/index.js';
import { failureOf } from '../resilience/failure.js';
import { availableModels, embeddingSpec, makeChatModel, makeEmbeddings } from './providers.js';
import { usageOf } from './wire-messages.js';

const modelOf = (provider: ModelSpec['provider']): ModelSpec => {
  const spec = models.find((model) => model.provider === provider);
  if (spec === undefined) throw new Error(`The table has no model of ${provider}.`);
  return spec;
};
const idsOf = (...providers: ModelSpec['provider'][]) =>
  new Set(models.filter(({ provider }) => providers.includes(provider)).map(({ id }) => id));

const none = { openaiApiKeys: [], anthropicApiKeys: [] };

describe('available models', () => {
  it('are the local ones without credentials, and those of each provider that has some', () => {
    expect(availableModels(models, none)).toEqual(idsOf('local'));
    expect(availableModels(models, { ...none, openaiApiKeys: ['k'] })).toEqual(idsOf('local', 'openai'));
    expect(availableModels(models, { ...none, openaiBaseUrl: 'http://127.0.0.1:1/v1' })).toEqual(
      idsOf('local', 'openai'),
    );
    expect(availableModels(models, { ...none, anthropicApiKeys: ['k'] })).toEqual(idsOf('local', 'anthropic'));
  });
});

describe('without credentials', () => {
  it('the local model answers and the local embeddings embed', async () => {
    const model = await makeChatModel(modelOf('local'), { key: undefined });
    expect((await model.invoke('What is the capital of France?')).text).toContain(
      'found nothing about "capital of France"',
    );
    const spec = embeddingSpec(none);
    const embeddings = await makeEmbeddings(spec, { key: undefined });
    expect(spec).toBe(embeddingModels.local);
    expect(await embeddings.embedQuery('text')).toHaveLength(spec.dimensions);
  });
});

describe('a model of an OpenAI-compatible server', () => {
  let server: Server;
  let answer: { status: number; headers?: Record<string, string>; body: unknown };
  let asked: { headers: IncomingMessage['headers']; body: Record<string, unknown> }[];

  beforeEach(async () => {
    asked = [];
    server = createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece);
      asked.push({ headers: request.headers, body: JSON.parse(Buffer.concat(pieces).toString()) });
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const baseUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const make = (key?: string) =>
    makeChatModel(modelOf('openai'), { key, openaiBaseUrl: baseUrl() }, { max_tokens: 7, temperature: 0 });

  it('gets the key and the parameters of the call, and tells its usage', async () => {
    const message = { role: 'assistant', content: 'Paris.' };
    const usage = { prompt_tokens: 11, completion_tokens: 2, total_tokens: 13 };
    answer = {
      status: 200,
      body: { id: '1', object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }], usage },
    };
    const reply = await (await make('sk-test')).invoke([new HumanMessage('Capital of France?')]);
    expect(reply.text).toBe('Paris.');
    expect(usageOf(reply)).toEqual({ input_tokens: 11, output_tokens: 2 });
    expect(asked).toMatchObject([
      {
        headers: { authorization: 'Bearer sk-test' },
        body: { model: modelOf('openai').id, max_tokens: 7, temperature: 0 },
      },
    ]);
  });

  it.each([
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { kind: 'rate-limited', status: 429, retryAfterMs: 7000 },
    ],
    [{ status: 500 }, { kind: 'server', status: 500 }],
    [{ status: 401 }, { kind: 'denied', status: 401 }],
    [{ status: 400 }, { kind: 'rejected', status: 400 }],
  ])('that answers %j is asked once, and the pipeline reads why it failed', async (reply, failure) => {
    answer = { ...reply, body: { error: { message: 'no', type: 'x', code: 'y' } } };
    const error = await (await make()).invoke([new HumanMessage('Hello')]).catch((thrown: unknown) => thrown);
    expect(failureOf(error, 0)).toMatchObject(failure);
    expect(asked).toHaveLength(1);
  });

  it('that is not there is a failed connection', async () => {
    const model = await make();
    await new Promise((resolve) => server.close(resolve));
    const error = await model.invoke('Hello').catch((thrown: unknown) => thrown);
    expect(failureOf(error, 0)).toMatchObject({ kind: 'connection' });
  });

  it('embeds, also where the server knows plain numbers only', async () => {
    const embedding = Array.from({ length: embeddingModels.openai.dimensions }, () => 0.1);
    answer = { status: 200, body: { object: 'list', data: [{ index: 0, embedding }], model: 'x' } };
    const access = { ...none, openaiBaseUrl: baseUrl() };
    const spec = embeddingSpec(access);
    const embeddings = await makeEmbeddings(spec, { ...access, key: undefined });
    expect(await embeddings.embedQuery('text')).toEqual(embedding);
    expect(spec.dimensions).toBe(embedding.length);
    expect(asked[0]?.body).toMatchObject({ model: embeddingModels.openai.id });
  });
});

describe('a model of Anthropic', () => {
  it('is made with its key, and does not retry by itself', async () => {
    const model = await makeChatModel(modelOf('anthropic'), { key: 'sk-ant' }, { max_tokens: 9 });
    expect(model).toMatchObject({ model: modelOf('anthropic').id, apiKey: 'sk-ant', maxTokens: 9 });
    expect(model.caller).toMatchObject({ maxRetries: 0 });
  });
});
