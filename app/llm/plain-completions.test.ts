import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ChatOpenAICompletions } from '@langchain/openai';
import { failureOf } from '../resilience/failure.js';
import { PlainCompletions } from './plain-completions.js';
import { plainFetch } from './plain-fetch.js';

let server: Server;
let asked: { path: string | undefined; headers: IncomingHttpHeaders; body: string }[];
let reply: { status: number; type: string; body: string; breaksOff?: boolean };

beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    asked.push({ path: request.url, headers: request.headers, body });
    response.writeHead(reply.status, { 'content-type': reply.type, 'retry-after': '7' });
    if (reply.breaksOff) response.write(reply.body, () => response.destroy());
    else response.end(reply.body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Asks through OpenAI's client, and without it. */
async function askBoth(): Promise<unknown[]> {
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const configuration = { baseURL, logLevel: 'off' as const, fetch: plainFetch };
  const fields = { model: 'm', apiKey: 'k', temperature: 0, maxTokens: 9, maxRetries: 0, configuration };
  const options = { options: { headers: { 'x-call': 'c1' } }, stop: ['.'] };
  const outcomes: unknown[] = [];
  for (const Model of [ChatOpenAICompletions, PlainCompletions])
    outcomes.push(await new Model(fields).invoke('Straße?', options).catch((error: unknown) => error));
  return outcomes;
}

it('asks and answers as through OpenAI’s client', async () => {
  const message = { role: 'assistant', content: 'Here.' };
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
  const body = { id: '1', model: 'm', choices: [{ index: 0, message, finish_reason: 'stop' }], usage };
  reply = { status: 200, type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
  const [stock, plain] = await askBoth();
  expect(plain).toMatchObject({ content: 'Here.', usage_metadata: { input_tokens: 1, output_tokens: 2 } });
  expect(JSON.stringify(plain)).toBe(JSON.stringify(stock));
  expect(asked[0]).toMatchObject({
    path: '/v1/chat/completions',
    headers: { 'x-call': 'c1', authorization: 'Bearer k' },
  });
  expect(asked[1]).toEqual(asked[0]);
});

it.each([
  { status: 429, type: 'application/json', body: '{"error":{"message":"slow down","code":"rate_limit_exceeded"}}' },
  {
    status: 400,
    type: 'application/json',
    body: '{"error":{"message":"maximum context length","code":"context_length_exceeded"}}',
  },
  { status: 401, type: 'application/json', body: '{}' },
  { status: 502, type: 'text/html', body: '<h1>Bad Gateway</h1>' },
])('fails as through OpenAI’s client: $status $body', async (one) => {
  reply = one;
  const [stock, plain] = (await askBoth()) as (Error & { headers?: Headers })[];
  const { headers: _, ...fields } = plain ?? {};
  // Around that client LangChain's queue notes how long to wait; the pipeline reads that itself.
  expect(stock).toMatchObject(fields);
  expect([plain?.constructor, plain?.message]).toEqual([stock?.constructor, stock?.message]);
  expect(failureOf(plain, 0)).toEqual(failureOf(stock, 0));
});

it('tells what a failure is by its status, though what it says breaks off', async () => {
  reply = { status: 429, type: 'text/plain', body: 'slow', breaksOff: true };
  const failures = (await askBoth()).map((error) => failureOf(error, 0));
  expect(failures[1]).toMatchObject({ kind: 'rate-limited', status: 429, retryAfterMs: 7_000 });
  expect(failures[1]).toEqual(failures[0]);
});

it.each(['null', '{"choices":[]}', '{"error":{"message":"overloaded"}}'])(
  'tells what came instead of an answer: %s',
  async (body) => {
    reply = { status: 200, type: 'application/json', body };
    expect((await askBoth())[1]).toMatchObject({
      message: expect.stringContaining(`answers without a choice: ${body}`),
    });
  },
);

it('takes what is not JSON for no answer', async () => {
  reply = { status: 200, type: 'text/html', body: '<h1>Welcome</h1>' };
  expect((await askBoth())[1]).toBeInstanceOf(SyntaxError);
});
