/** OpenAI's own client and LangChain's, unchanged, against the gateway without a provider: what the local model does, and what it cannot. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OpenAIEmbeddings } from '@langchain/openai';
import OpenAI from 'openai';
import { signToken } from '../app/embedded/local-tokens.js';
import { type EmbeddedPlatform, startPlatform } from '../app/embedded/start-platform.js';
import { ada, askPlatform } from './support/ask-platform.js';
import { user, weather } from './support/openai-requests.js';

describe('without a provider, the gateway', () => {
  let platform: EmbeddedPlatform;
  let openai: OpenAI;
  let apiKey: string;
  beforeAll(async () => {
    platform = await startPlatform({ port: 0, logLevel: 'silent', env: {}, clock: Date.now });
    apiKey = await signToken(platform.secret, ada, Date.now);
    openai = new OpenAI({ apiKey, baseURL: `${platform.urls.gateway}/v1`, maxRetries: 0 });
    const uploaded = await askPlatform(platform, '/api/documents?source=pump.pdf', {
      body: new Uint8Array(await readFile(new URL('../app/documents/fixtures/pump.pdf', import.meta.url))),
      headers: { 'content-type': 'application/pdf' },
    });
    expect(uploaded.json()).toMatchObject({ source: 'pump.pdf' });
  });
  afterAll(() => platform.close());

  it('refuses by name what the local model cannot do', async () => {
    for (const model of ['auto', 'local-extractive']) {
      const json = openai.chat.completions.create({
        model,
        messages: [user('Hi.')],
        response_format: { type: 'json_object' },
      });
      await expect(json).rejects.toMatchObject({
        status: 400,
        code: 'unsupported_parameter',
        param: 'response_format',
      });
      const forced = openai.chat.completions.create({
        model,
        messages: [user('Hi.')],
        tools: [weather],
        tool_choice: 'required',
      });
      await expect(forced).rejects.toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'tool_choice' });
    }
  });

  it('ends the local model’s answer where it is told to, and says when it was cut', async () => {
    const ask = async (rest: object) => {
      const { choices } = await openai.chat.completions.create({
        model: 'local-extractive',
        messages: [user('My name is Ada Lovelace.')],
        ...rest,
      });
      return [choices[0]?.message.content, choices[0]?.finish_reason];
    };
    expect(await ask({})).toEqual(['Noted: "My name is Ada Lovelace."', 'stop']);
    expect(await ask({ stop: [' Ada', 'never'] })).toEqual(['Noted: "My name is', 'stop']);
    expect(await ask({ max_tokens: 3 })).toEqual([expect.stringMatching(/^Noted:/), 'length']);
  });

  it('embeds more texts than one call takes, in their order', async () => {
    const input = Array.from({ length: 250 }, (_, i) => `text ${i}`);
    const { data, model } = await openai.embeddings.create({ model: 'auto', input });
    expect([data.length, model]).toEqual([250, 'local-hashing']);
    const [last] = (await openai.embeddings.create({ model: 'local-hashing', input: 'text 249' })).data;
    expect(data[249]?.embedding).toEqual(last?.embedding);
    const [leftOut] = (
      await openai.embeddings.create({
        model: 'auto',
        input: 'text 249',
        dimensions: null,
        encoding_format: null,
      } as never)
    ).data;
    expect(leftOut?.embedding).toEqual(last?.embedding);
    const langChain = new OpenAIEmbeddings({
      model: 'local-hashing',
      apiKey,
      configuration: { baseURL: openai.baseURL },
    });
    expect((await langChain.embedDocuments(input))[249]?.length).toBe(512);
  });

  it.each([
    ['another model', { model: 'text-embedding-3-large', input: 'x' }, 404, null],
    ['token ids', { model: 'auto', input: [[1, 2]] }, 400, 'input'],
    ['another length', { model: 'auto', input: 'x', dimensions: 7 }, 400, 'dimensions'],
    ['nothing', { model: 'auto', input: [] }, 400, 'input'],
  ])('refuses to embed by %s', async (_, body, status, param) => {
    await expect(openai.embeddings.create(body as never)).rejects.toMatchObject({ status, param });
  });

  it('tells a model by its name, and that it does not have another', async () => {
    expect(await openai.models.retrieve('auto-rag')).toMatchObject({ id: 'auto-rag', object: 'model' });
    await expect(openai.models.retrieve('gpt-9')).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
  });

  it('completes a chat over documents', async () => {
    const completion = await openai.chat.completions.create({
      model: 'auto-rag',
      messages: [{ role: 'user', content: 'Where are spare seals kept?' }],
    });
    expect(completion.choices[0]?.message.content).toContain('cabinet 12');
    expect(completion.usage?.total_tokens).toBeGreaterThan(10);
  });

  it('streams the same answer in several pieces, with usage at the end', async () => {
    const request = {
      model: 'auto-rag',
      messages: [{ role: 'user' as const, content: 'Where are spare seals kept?' }],
    };
    const whole = await openai.chat.completions.create(request);
    const stream = await openai.chat.completions.create({
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(
      whole.choices[0]?.message.content,
    );
    expect(chunks.length).toBeGreaterThan(4);
    expect(chunks.at(-1)?.usage?.total_tokens).toBe(whole.usage?.total_tokens);
  });

  it('passes tools through', async () => {
    const completion = await openai.chat.completions.create({
      model: 'local-extractive',
      messages: [{ role: 'user', content: 'What is 6 * 7?' }],
      tools: [
        {
          type: 'function',
          function: { name: 'sum', parameters: { type: 'object', properties: { expression: { type: 'string' } } } },
        },
      ],
    });
    expect(completion.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
    expect(completion.choices[0]?.message.tool_calls?.[0]).toMatchObject({
      function: { name: 'sum', arguments: '{"expression":"6 * 7"}' },
    });
  });

  it('embeds, alike in floats and in base64', async () => {
    const input = ['one', 'two'];
    const floats = await openai.embeddings.create({ model: 'auto', input, encoding_format: 'float' });
    const packed = await openai.embeddings.create({ model: 'auto', input });
    expect(packed.data[1]?.embedding[0]).toBeCloseTo(floats.data[1]?.embedding[0] ?? Number.NaN, 5);
  });

  it('lists models, and names one that it does not have', async () => {
    const ids = (await openai.models.list()).data.map(({ id }) => id);
    expect(ids).toEqual(['auto', 'auto-rag', 'local-extractive', 'local-hashing']);
    const missing = openai.chat.completions.create({ model: 'gpt-9', messages: [{ role: 'user', content: 'hi' }] });
    await expect(missing).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
  });
});
