import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import {
  type Citation,
  type Completion,
  EMBEDDING_BATCH_SIZE,
  type Invocation,
  orchestratorApi,
  ragApi,
  ragPolicy,
  VIRTUAL_MODELS,
} from '../../../contract/index.js';
import { estimateTokens } from '../../limits/estimate-tokens.js';
import { buildPrompt } from '../../llm/context-prompt.js';
import type { Caller } from '../../runtime/caller.js';
import type { Clock } from '../../runtime/clock.js';
import { errors } from '../../runtime/errors.js';
import { type AdmittedWork, admit, callerOf, type Entrance } from './entrance.js';
import {
  finishReason,
  maxTokensOf,
  textsOf,
  toInvocation,
  toOpenAiCall,
  toOpenAiMessage,
  toOpenAiUsage,
} from './openai-messages.js';
import { type ChatCompletionRequest, chatCompletionRequest, embeddingRequest } from './openai-schemas.js';

interface OpenAiDeps {
  readonly clock: Clock;
  readonly newId: () => string;
}

/** The OpenAI API: any of its clients is a client of the platform. `armature` beside an answer tells how it came about. */
export function addOpenAiRoutes(app: FastifyInstance, entrance: Entrance, deps: OpenAiDeps): void {
  const authenticated = {
    onRequest: async (request: Parameters<typeof callerOf>[1]) => void (await callerOf(entrance, request)),
  };

  app.post('/v1/chat/completions', {
    ...authenticated,
    schema: { tags: ['openai'], summary: 'Chat completions, streamed or whole.', body: chatCompletionRequest },
    handler: async (request, reply) => {
      const body = chatCompletionRequest.parse(request.body);
      const caller = await callerOf(entrance, request);
      const work = await admit(entrance, caller, estimateTokens(textsOf(body), maxTokensOf(body)), {
        log: request.log,
        reply,
      });
      const head = { id: `chatcmpl-${deps.newId()}`, created: Math.floor(deps.clock() / 1000) };
      if (body.stream === true) {
        const events = await work.run(
          async () => {
            const prepared = await prepare(entrance, body, caller);
            return primed(streamChunks(entrance, body, prepared, caller, head, work));
          },
          () => undefined, // what it has used is known at its end
        );
        return reply.type('text/event-stream').header('cache-control', 'no-store').send(Readable.from(events));
      }
      const { completion, citations } = await work.run(
        async () => {
          const { invocation, citations } = await prepare(entrance, body, caller);
          return {
            completion: await entrance.client.call(orchestratorApi.invoke, { body: invocation }, caller),
            citations,
          };
        },
        ({ completion: { usage } }) => usage,
      );
      return {
        ...head,
        object: 'chat.completion',
        model: completion.model,
        choices: [
          { index: 0, message: toOpenAiMessage(completion), logprobs: null, finish_reason: finishReason(completion) },
        ],
        usage: toOpenAiUsage(completion),
        armature: provenance(completion, citations),
      };
    },
  });

  app.post('/v1/embeddings', {
    ...authenticated,
    schema: { tags: ['openai'], summary: 'Embeddings.', body: embeddingRequest },
    handler: async (request, reply) => {
      const { input, encoding_format: format } = embeddingRequest.parse(request.body);
      const texts = [input].flat();
      if (texts.length > EMBEDDING_BATCH_SIZE)
        throw errors.invalid('input', `holds ${texts.length} texts; at most ${EMBEDDING_BATCH_SIZE} go at once`);
      const caller = await callerOf(entrance, request);
      const work = await admit(entrance, caller, estimateTokens(texts, 0), { log: request.log, reply });
      const { model, vectors, usage } = await work.run(
        () => entrance.client.call(orchestratorApi.embed, { body: { texts } }, caller),
        (answer) => answer.usage,
      );
      return {
        object: 'list',
        model,
        data: vectors.map((vector, index) => ({
          object: 'embedding',
          index,
          embedding: format === 'base64' ? toBase64(vector) : vector,
        })),
        usage: { prompt_tokens: usage.input_tokens, total_tokens: usage.input_tokens },
      };
    },
  });

  app.get('/v1/models', {
    ...authenticated,
    schema: { tags: ['openai'], summary: 'Models that can be used here, and the routed ones.' },
    handler: async (request) => {
      const { models } = await entrance.client.call(orchestratorApi.models, {}, await callerOf(entrance, request));
      const usable = models.filter((model) => model.available).map(({ id, provider }) => ({ id, owned_by: provider }));
      const routed = Object.values(VIRTUAL_MODELS).map((id) => ({ id, owned_by: 'armature' }));
      return {
        object: 'list',
        data: [...routed, ...usable].map((model) => ({ ...model, object: 'model', created: 0 })),
      };
    },
  });
}

interface Prepared {
  readonly invocation: Invocation;
  readonly citations: readonly Citation[];
}

/** With `auto-rag`, the caller's documents become context; `auto` and any model's own name take the messages as they are. */
async function prepare({ client }: Entrance, body: ChatCompletionRequest, caller: Caller): Promise<Prepared> {
  const invocation = toInvocation(body);
  if (body.model !== VIRTUAL_MODELS.autoRag) return { invocation, citations: [] };
  const question = invocation.messages.findLast((message) => message.role === 'user')?.content.trim();
  if (!question)
    throw errors.invalid('messages', `must hold a user message for ${VIRTUAL_MODELS.autoRag} to search with`);
  const { passages } = await client.call(
    ragApi.retrieve,
    { body: { query: question, collection: body.collection, top_k: ragPolicy.topK } },
    caller,
  );
  const instructions = invocation.messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const [context] = buildPrompt({ instructions: instructions.join('\n\n'), passages, question });
  const conversation = invocation.messages.filter(({ role }) => role !== 'system');
  const messages = context === undefined ? conversation : [context, ...conversation];
  return { invocation: { ...invocation, model: VIRTUAL_MODELS.auto, messages }, citations: passages };
}

function provenance({ decision, cache, cost_usd }: Completion, citations: readonly Citation[]) {
  return { decision, cache, cost_usd, citations };
}

async function* streamChunks(
  { client }: Entrance,
  body: ChatCompletionRequest,
  { invocation, citations }: Prepared,
  caller: Caller,
  head: { readonly id: string; readonly created: number },
  work: AdmittedWork,
): AsyncGenerator<string> {
  const chunk = (model: string, choices: readonly unknown[], rest: object = {}) =>
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', model, choices, ...rest })}\n\n`;
  const choice = (delta: object, reason: string | null = null) => ({
    index: 0,
    delta,
    logprobs: null,
    finish_reason: reason,
  });

  yield chunk(body.model, [choice({ role: 'assistant', content: '' })]);
  for await (const part of client.stream(orchestratorApi.stream, { body: invocation }, caller)) {
    if ('delta' in part) {
      yield chunk(body.model, [choice({ content: part.delta })]);
      continue;
    }
    const { completion } = part;
    work.settle(completion.usage);
    const calls = completion.tool_calls.map((call, index) => ({ index, ...toOpenAiCall(call) }));
    if (calls.length > 0) yield chunk(completion.model, [choice({ tool_calls: calls })]);
    yield chunk(completion.model, [choice({}, finishReason(completion))], {
      armature: provenance(completion, citations),
    });
    if (body.stream_options?.include_usage === true)
      yield chunk(completion.model, [], { usage: toOpenAiUsage(completion) });
  }
  yield 'data: [DONE]\n\n';
}

/** Takes the first two events before the answer starts: an error of the model is then a status, not a broken stream. */
async function primed(events: AsyncGenerator<string>): Promise<AsyncGenerator<string>> {
  const first = [await events.next(), await events.next()];
  return (async function* () {
    for (const { value, done } of first) if (done !== true) yield value;
    yield* events;
  })();
}

/** OpenAI's base64 form: little-endian 32-bit floats. */
function toBase64(vector: readonly number[]): string {
  return Buffer.from(new Float32Array(vector).buffer).toString('base64');
}
