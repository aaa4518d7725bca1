/** OpenAI's own client and LangChain's, unchanged, against the gateway with a provider that says what it was asked. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import OpenAI from 'openai';
import * as z from 'zod';
import { signToken } from '../app/embedded/local-tokens.js';
import type { EmbeddedPlatform } from '../app/embedded/start-platform.js';
import { runCreateKey, runListKeys, runRevokeKey } from '../cli/key.js';
import { requestLimits, tiers } from '../contract/index.js';
import type { OpenAiProvider } from './support/openai-provider.js';
import { calls, user, weather } from './support/openai-requests.js';
import { printed, startPlatformWithProvider } from './support/platform-with-provider.js';

describe('with a provider, the gateway', () => {
  let provider: OpenAiProvider;
  let platform: EmbeddedPlatform;
  let data: string;
  let apiKey: string;
  let openai: OpenAI;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ provider, platform, data, apiKey, openai, stop } = await startPlatformWithProvider());
  });
  beforeEach(() => {
    provider.asked.length = 0;
    provider.answer = { content: 'Hello from afar.' };
  });
  afterAll(() => stop());

  const chat = (rest: object = {}) =>
    openai.chat.completions.create({
      model: 'gpt-4',
      messages: [user('Hi.')],
      ...rest,
    } as never) as unknown as Promise<OpenAI.ChatCompletion>;
  const streamed = async (rest: object = {}) => {
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    const stream = await openai.chat.completions.create({
      model: 'gpt-4',
      messages: [user('Hi.')],
      stream: true,
      ...rest,
    });
    for await (const chunk of stream) chunks.push(chunk);
    return chunks;
  };

  it('takes an API key of the command in the place of OpenAI’s', async () => {
    expect(apiKey).toMatch(/^ak_/);
    expect((await chat()).choices[0]?.message.content).toBe('Hello from afar.');
  });

  it('refuses a key once it is revoked, and shows it nowhere', async () => {
    const key = await printed(() => runCreateKey({ user: 'bob', name: 'old', data }));
    const listed = await printed(() => runListKeys({ format: 'json', data }));
    expect(listed).not.toContain(key.slice(3));
    const { id } = JSON.parse(listed).find(({ name }: { name: string }) => name === 'old');
    expect(await printed(() => runRevokeKey(id, { data }))).toBe(`${id} revoked`);
    const bob = new OpenAI({ apiKey: key, baseURL: openai.baseURL, maxRetries: 0 });
    await expect(bob.models.list()).rejects.toMatchObject({ status: 401, type: 'authentication_error' });
  });

  it('hands everything that changes an answer to the provider', async () => {
    const schema = {
      type: 'object',
      properties: { greeting: { type: 'string' } },
      required: ['greeting'],
      additionalProperties: false,
    };
    const parameters = {
      temperature: 0.3,
      top_p: 0.9,
      frequency_penalty: 0.5,
      presence_penalty: -0.5,
      seed: 42,
      stop: ['END'],
      response_format: { type: 'json_schema', json_schema: { name: 'greeting', schema, strict: true } },
      tools: [weather],
      tool_choice: { type: 'function', function: { name: 'weather' } },
      parallel_tool_calls: false,
    };
    provider.answer = { content: '{"greeting":"Hello"}' };
    await chat({ ...parameters, max_completion_tokens: 77, messages: [{ ...user('Hi.'), name: 'ada' }] });
    expect(provider.asked[0]).toMatchObject({
      ...parameters,
      model: 'gpt-4',
      messages: [{ role: 'user', content: 'Hi.', name: 'ada' }],
    });
    expect(provider.asked[0]?.max_tokens ?? provider.asked[0]?.max_completion_tokens).toBe(77);
    await chat({ stop: 'END', tools: [weather], tool_choice: 'required' });
    expect(provider.asked[1]).toMatchObject({ stop: ['END'], tool_choice: 'required' });
    // A tool that must not be called is not offered.
    await chat({ tools: [weather], tool_choice: 'none' });
    expect(provider.asked[2]).not.toHaveProperty('tools');
  });

  it('passes calls of tools out and their results in', async () => {
    provider.answer = { calls };
    const first = await chat({ messages: [user('Where is it warmer, Oslo or Rome?')], tools: [weather] });
    expect(first.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
    const called = first.choices[0]?.message.tool_calls ?? [];
    expect(called.map((call) => call.type === 'function' && call.function)).toEqual(
      calls.map(({ id: _, ...call }) => call),
    );
    provider.answer = { content: 'In Rome.' };
    const results = called.map(({ id }, i) => ({
      role: 'tool',
      tool_call_id: id,
      content: i === 0 ? '3 °C' : '15 °C',
    }));
    const second = await chat({ messages: [user('Where?'), first.choices[0]?.message, ...results], tools: [weather] });
    expect(second.choices[0]?.message.content).toBe('In Rome.');
    expect(provider.asked[1]?.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ id: 'call_1' }, { id: 'call_2' }] },
      { role: 'tool', tool_call_id: 'call_1', content: '3 °C' },
      { role: 'tool', tool_call_id: 'call_2', content: '15 °C' },
    ]);
  });

  it('streams texts, and tells what was used only where that is asked for', async () => {
    const chunks = await streamed();
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Hello from afar.');
    expect(chunks.filter(({ choices }) => choices[0]?.delta.content).length).toBe(3);
    expect(chunks.map(({ choices }) => choices[0]?.finish_reason ?? '').join('')).toBe('stop');
    expect(chunks.some(({ usage }) => usage)).toBe(false);
    const told = await streamed({ stream_options: { include_usage: true } });
    expect(told.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
    });
    expect(told.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
  });

  it('streams calls of tools, which the client puts together', async () => {
    provider.answer = { calls };
    const stream = openai.chat.completions.stream({ model: 'gpt-4', messages: [user('Where?')], tools: [weather] });
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ id: 'call_1' }, { id: 'call_2' }] },
    });
  });

  it('says when an answer was cut', async () => {
    provider.answer = { content: 'Hello from', finishReason: 'length' };
    expect((await chat({ max_tokens: 2 })).choices[0]?.finish_reason).toBe('length');
    expect((await streamed({ max_tokens: 2 })).at(-1)?.choices[0]?.finish_reason).toBe('length');
  });

  it('tells a client of a stream that broke off, which else would take the piece for the whole', async () => {
    provider.answer = { content: 'Hello from afar.', breaksOff: true };
    await expect(streamed()).rejects.toMatchObject({ type: 'server_error', code: 'upstream_failed' });
  });

  it('counts against the budget what was used, not what was reserved', async () => {
    const { tokensPerMinute } = tiers.enterprise;
    const left = async (max_tokens: number) => {
      const { response } = await openai.chat.completions
        .create({ model: 'gpt-4', messages: [user('Hi.')], max_tokens })
        .withResponse();
      return Number(/"tokens";r=(\d+)/.exec(response.headers.get('ratelimit') ?? '')?.[1]);
    };
    expect(await left(30_000)).toBeLessThanOrEqual(tokensPerMinute - 30_000);
    expect(await left(1)).toBeGreaterThan(tokensPerMinute - 1_000);
  });

  it.each([
    ['a field that it does not know', { frobnicate: 1 }, 'frobnicate', 'unsupported_parameter'],
    ['functions of old', { functions: [{ name: 'f' }] }, 'functions', 'unsupported_parameter'],
    ['biases of tokens', { logit_bias: { 50256: -100 } }, 'logit_bias', 'unsupported_parameter'],
    ['several answers', { n: 2 }, 'n', 'invalid_request'],
    ['probabilities', { logprobs: true }, 'logprobs', 'invalid_request'],
    ['a choice among allowed tools', { tool_choice: { type: 'allowed_tools' } }, 'tool_choice', 'invalid_request'],
    ['a tool that is no function', { tools: [{ type: 'custom' }] }, 'tools.0.type', 'invalid_request'],
    ['an unknown format', { response_format: { type: 'xml' } }, 'response_format', 'invalid_request'],
    ['more than 4 ends', { stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop', 'invalid_request'],
    ['an effort of reasoning', { reasoning_effort: 'low' }, 'reasoning_effort', 'unsupported_parameter'],
    ['sound', { modalities: ['audio'] }, 'modalities.0', 'invalid_request'],
    ['a temperature out of range', { temperature: 3 }, 'temperature', 'invalid_request'],
    ['a choice of tools without tools', { tool_choice: 'auto' }, 'tool_choice', 'invalid_request'],
    [
      'a tool that is not there',
      { tools: [weather], tool_choice: { type: 'function', function: { name: 'x' } } },
      'tool_choice',
      'invalid_request',
    ],
    [
      'a picture',
      {
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.com/x.png' } }] }],
      },
      'messages.0.content',
      'invalid_request',
    ],
    [
      'arguments that are not JSON',
      {
        messages: [
          user('x'),
          { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{' } }] },
        ],
      },
      'messages.1.tool_calls',
      'invalid_request',
    ],
    ['no messages', { messages: [] }, 'messages', 'invalid_request'],
  ])('refuses %s by its name, and asks no model', async (_, body, param, code) => {
    await expect(chat(body)).rejects.toMatchObject({ status: 400, param, code, type: 'invalid_request_error' });
    expect(provider.asked).toEqual([]);
  });

  it('passes over what is only for OpenAI’s own accounts and caches, and what is left out by null', async () => {
    await chat({
      user: 'u1',
      metadata: { a: 'b' },
      store: false,
      service_tier: 'auto',
      prompt_cache_key: 'k',
      prompt_cache_options: { mode: 'explicit' },
      messages: [
        { role: 'developer', content: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }] },
        user('How do I pick a lock?'),
        {
          role: 'assistant',
          content: [{ type: 'refusal', refusal: 'I cannot help.' }],
          refusal: null,
          annotations: [],
        },
        user('x'),
      ],
      seed: null,
      stop: null,
      tools: null,
      n: 1,
      logit_bias: null,
    });
    expect(provider.asked[0]).not.toHaveProperty('user');
    expect(provider.asked[0]?.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      user('How do I pick a lock?'),
      { role: 'assistant', content: 'I cannot help.' },
      user('x'),
    ]);
  });

  it.each([
    ['a model that is not there', 404, 'model_not_found', { model: 'gpt-9' }],
    ['a body over the limit', 413, 'body_too_large', { messages: [user('x'.repeat(requestLimits.bodyBytes))] }],
    [
      'a message over the limit',
      400,
      'invalid_request',
      { messages: [user('x'.repeat(requestLimits.messageCharacters + 1))] },
    ],
  ])('refuses %s with %d', async (_, status, code, body) => {
    await expect(chat(body)).rejects.toMatchObject({ status, code });
  });

  it('tells of 429 when to come back', async () => {
    const fred = new OpenAI({
      apiKey: await signToken(platform.secret, { user: 'fred', tenant: 'acme', tier: 'free' }, Date.now),
      baseURL: openai.baseURL,
      maxRetries: 0,
    });
    const ask = () => fred.embeddings.create({ model: 'auto', input: 'x' }).catch((error: unknown) => error);
    for (let i = 0; i < tiers.free.requestsPerWindow; i += 1) await ask();
    const refused = await ask();
    expect(refused).toBeInstanceOf(OpenAI.RateLimitError);
    expect(refused).toMatchObject({ status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' });
    expect(Number((refused as { headers: Headers }).headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });

  describe('to LangChain', () => {
    const model = (rest: object = {}) =>
      new ChatOpenAI({ model: 'gpt-4', apiKey, maxRetries: 0, configuration: { baseURL: openai.baseURL }, ...rest });

    it('answers and streams', async () => {
      const answer = await model({ temperature: 0, stop: ['END'] }).invoke('Hi.');
      expect(answer.text).toBe('Hello from afar.');
      expect(answer.usage_metadata).toMatchObject({ input_tokens: 11, output_tokens: 7 });
      const pieces: string[] = [];
      for await (const chunk of await model().stream('Hi.')) pieces.push(chunk.text);
      expect(pieces.filter(Boolean)).toEqual(['Hello ', 'from ', 'afar.']);
    });

    it('has tools called, and takes what they found', async () => {
      provider.answer = { calls };
      const bound = model().bindTools([weather]);
      const asked = new HumanMessage('Where is it warmer?');
      const first = await bound.invoke([asked]);
      expect(first.tool_calls).toMatchObject([
        { id: 'call_1', name: 'weather', args: { city: 'Oslo' } },
        { id: 'call_2' },
      ]);
      provider.answer = { content: 'In Rome.' };
      const found = (first.tool_calls ?? []).map(
        ({ id = '' }) => new ToolMessage({ content: '9 °C', tool_call_id: id }),
      );
      expect((await bound.invoke([asked, first, ...found])).text).toBe('In Rome.');
    });

    it.each(['functionCalling', 'jsonSchema'] as const)('gives structured output by %s', async (method) => {
      provider.answer =
        method === 'jsonSchema'
          ? { content: '{"city":"Oslo"}' }
          : { calls: [{ id: 'c', name: 'extract', arguments: '{"city":"Oslo"}' }] };
      // LangChain itself refuses the newer way for models that it knows by name to be too old.
      const structured = model({ model: 'auto' }).withStructuredOutput(z.object({ city: z.string() }), {
        name: 'extract',
        method,
      });
      expect(await structured.invoke('Which city?')).toEqual({ city: 'Oslo' });
      expect(provider.asked[0]).toMatchObject(
        method === 'jsonSchema'
          ? { response_format: { type: 'json_schema', json_schema: { name: 'extract' } } }
          : { tool_choice: { type: 'function', function: { name: 'extract' } } },
      );
    });
  });
});
