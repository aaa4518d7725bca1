import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Completion, type CompletionPart, embeddingModels, models, orchestratorApi } from '../contract/index.js';

/** The words of every answer, one frame each when it is streamed. */
export const WORDS = Array.from({ length: 32 }, (_, i) => `word${i} `);
export const ANSWER = WORDS.join('');
/** What asks for this is never answered. */
export const HANG = 'hang for ever';
/** Between two words of a stream. */
const WORD_MS = 5;

const model = 'gpt-4';
const completion: Completion = {
  content: ANSWER,
  tool_calls: [],
  finish_reason: 'stop',
  model,
  decision: { class: 'complex', preferred: model, model, fallbacks: ['gpt-3.5-turbo'], reasons: ['as the bench says'] },
  cache: { level: 'bypass', reason: 'not asked for' },
  usage: { input_tokens: 40, output_tokens: 64 },
  cost_usd: 0.003,
};

const head = { id: 'chatcmpl-1', created: 1_700_000_000, model };
const chunk = (delta: object, reason: string | null = null) =>
  `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;
const line = (part: CompletionPart) => `${JSON.stringify(part)}\n`;

const whole = {
  [orchestratorApi.invoke.path]: JSON.stringify(completion),
  [orchestratorApi.models.path]: JSON.stringify({
    models: models.map(({ id, provider, role, contextWindowTokens }) => ({
      id,
      provider,
      role,
      context_window: contextWindowTokens,
      available: true,
    })),
    embedding: embeddingModels.local,
  }),
  '/v1/chat/completions': JSON.stringify({
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: ANSWER }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 40, completion_tokens: 64, total_tokens: 104 },
  }),
} as const;
const streamed = {
  [orchestratorApi.stream.path]: [...WORDS.map((delta) => line({ delta })), line({ completion })],
  '/v1/chat/completions': [...WORDS.map((content) => chunk({ content })), `${chunk({}, 'stop')}data: [DONE]\n\n`],
} as const;

/** What stands behind the gateways: an orchestrator and an OpenAI at once, which answer without thinking. */
export interface FakeUpstream {
  readonly url: string;
  /** Resolves when so many requests wait for an answer that never comes. */
  readonly untilHanging: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @param thinkMs how long it takes over an answer that comes whole; not at all by default */
export async function startFakeUpstream(thinkMs?: () => number): Promise<FakeUpstream> {
  const hanging = new Set<ServerResponse>();
  const server: Server = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (request, response) =>
    answer(request, response, hanging, thinkMs),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    untilHanging: async (count) => {
      while (hanging.size !== count) await wait(WORD_MS);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  hanging: Set<ServerResponse>,
  thinkMs: (() => number) | undefined,
): Promise<void> {
  let body = '';
  for await (const part of request) body += part;
  if (body.includes(HANG)) {
    hanging.add(response);
    response.once('close', () => hanging.delete(response));
    return;
  }
  const path = request.url ?? '';
  if (path === '/v1/embeddings') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(embeddings(JSON.parse(body)));
    return;
  }
  const wantsStream = path === orchestratorApi.stream.path || /"stream":\s*true/.test(body);
  const parts = wantsStream ? streamed[path] : undefined;
  if (parts !== undefined) return sendParts(response, parts);
  if (thinkMs !== undefined) await wait(thinkMs());
  const text = whole[path];
  response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(text ?? '{}');
}

async function sendParts(response: ServerResponse, parts: readonly string[]): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const part of parts) {
    response.write(part);
    await wait(WORD_MS);
  }
  response.end();
}

/** Texts that differ point elsewhere: else one's cached answer would be the other's. */
function embeddings({
  input,
  encoding_format: format,
}: {
  input: string | string[];
  encoding_format?: string;
}): string {
  const data = [input].flat().map((text, index) => {
    const vector = new Float32Array(embeddingModels.openai.dimensions);
    const hash = createHash('sha256').update(text).digest();
    for (let i = 0; i < hash.length; i += 2) vector[hash.readUInt16LE(i) % vector.length] = 0.25;
    const embedding = format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector];
    return { object: 'embedding', index, embedding };
  });
  const usage = { prompt_tokens: 8, total_tokens: 8 };
  return JSON.stringify({ object: 'list', model: embeddingModels.openai.id, data, usage });
}
