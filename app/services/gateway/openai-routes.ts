import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import {
  EMBEDDING_BATCH_SIZE,
  type Invocation,
  orchestratorApi,
  ragApi,
  ragPolicy,
  VIRTUAL_MODELS,
} from '../../../contract/index.js';
import type { TieredCache } from '../../cache/tiered-cache.js';
import { estimateTokens } from '../../limits/estimate-tokens.js';
import { buildPrompt } from '../../llm/context-prompt.js';
import type { Caller } from '../../runtime/caller.js';
import type { Clock } from '../../runtime/clock.js';
import { errors, ServiceError } from '../../runtime/errors.js';
import { answersOf } from './answers.js';
import { admit, callerOf, type Entrance, identified } from './entrance.js';
import { chatCompletion, embeddingList } from './openai-answers.js';
import { maxTokensOf, textsOf, toInvocation, toOpenAiMessage, toOpenAiUsage } from './openai-messages.js';
import { addModels } from './openai-models.js';
import { refuseUnknownFields } from './openai-refusals.js';
import { type ChatCompletionRequest, chatCompletionRequest, embeddingRequest } from './openai-schemas.js';
import { openStream, provenance, type Sources } from './openai-stream.js';

/** A chunk is not described by itself: OpenAPI knows a stream of events only as text. */
const completionTypes = {
  'application/json': { schema: chatCompletion },
  'text/event-stream': { schema: z.string() },
} as const;

interface OpenAiDeps {
  readonly cache: TieredCache;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** The OpenAI API: any of its clients is a client of the platform. `armature` beside an answer tells how it came about. */
export function addOpenAiRoutes(app: FastifyInstance, entrance: Entrance, deps: OpenAiDeps): void {
  addChatCompletions(app, entrance, deps);
  addEmbeddings(app, entrance);
  addModels(app, entrance, deps.cache);
}

function addChatCompletions(app: FastifyInstance, entrance: Entrance, { clock, newId }: OpenAiDeps): void {
  app.post('/v1/chat/completions', {
    ...identified(entrance),
    preValidation: refuseUnknownFields(chatCompletionRequest),
    schema: {
      tags: ['openai'],
      summary: 'Chat completions, streamed or whole.',
      body: chatCompletionRequest,
      response: answersOf({ 200: { content: completionTypes } }, { body: true, limited: true, notFound: true }),
    },
    handler: async (request, reply) => {
      const body = request.body as ChatCompletionRequest;
      const invocation = toInvocation(body);
      const caller = await callerOf(entrance, request);
      const tokens = estimateTokens(textsOf(body), maxTokensOf(body));
      const work = await admit(entrance, caller, tokens, { log: request.log, reply });
      const head = { id: `chatcmpl-${newId()}`, created: Math.floor(clock() / 1000) };
      if (body.stream === true) {
        const events = await work.run(
          async () =>
            openStream(entrance.client, {
              ...(await prepare(entrance, body, invocation, caller)),
              caller,
              head,
              model: body.model,
              includeUsage: body.stream_options?.include_usage === true,
              onEnd: ({ usage }) => work.settle(usage),
            }),
          () => undefined, // what it has used is known at its end
        );
        return reply.type('text/event-stream').header('cache-control', 'no-store').send(events);
      }
      const { completion, sources } = await work.run(
        async () => {
          const prepared = await prepare(entrance, body, invocation, caller);
          const answer = await entrance.client.call(orchestratorApi.invoke, { body: prepared.invocation }, caller);
          return { completion: answer, sources: prepared };
        },
        ({ completion: { usage } }) => usage,
      );
      return {
        ...head,
        object: 'chat.completion',
        model: completion.model,
        choices: [
          {
            index: 0,
            message: toOpenAiMessage(completion),
            logprobs: null,
            finish_reason: completion.finish_reason,
          },
        ],
        usage: toOpenAiUsage(completion),
        armature: provenance(completion, sources),
      } satisfies z.input<typeof chatCompletion>;
    },
  });
}

function addEmbeddings(app: FastifyInstance, entrance: Entrance): void {
  app.post('/v1/embeddings', {
    ...identified(entrance),
    preValidation: refuseUnknownFields(embeddingRequest),
    schema: {
      tags: ['openai'],
      summary: 'Embeddings.',
      body: embeddingRequest,
      response: answersOf({ 200: embeddingList }, { body: true, limited: true, notFound: true }),
    },
    handler: async (request, reply) => {
      const {
        input,
        encoding_format: format,
        model: wanted,
        dimensions,
      } = request.body as z.infer<typeof embeddingRequest>;
      const texts = [input].flat();
      const caller = await callerOf(entrance, request);
      const work = await admit(entrance, caller, estimateTokens(texts, 0), { log: request.log, reply });
      const embedded = await work.run(
        () => embedAll(entrance, texts, wanted, caller),
        (answer) => answer.usage,
      );
      const length = embedded.vectors[0]?.length;
      if (dimensions !== undefined && dimensions !== length)
        throw errors.invalid(
          'dimensions',
          `is ${dimensions}, and vectors of ${embedded.model} have ${length}: leave it out`,
        );
      return {
        object: 'list',
        model: embedded.model,
        data: embedded.vectors.map((vector, index) => ({
          object: 'embedding' as const,
          index,
          embedding: format === 'base64' ? toBase64(vector) : vector,
        })),
        usage: { prompt_tokens: embedded.usage.input_tokens, total_tokens: embedded.usage.input_tokens },
      } satisfies z.input<typeof embeddingList>;
    },
  });
}

/** As many calls as batches, one after the other: a client may send more at once than one call takes. */
async function embedAll({ client }: Entrance, texts: readonly string[], wanted: string, caller: Caller) {
  const vectors: number[][] = [];
  const usage = { input_tokens: 0, output_tokens: 0 };
  let by = wanted;
  for (let from = 0; from < texts.length; from += EMBEDDING_BATCH_SIZE) {
    const body = { texts: texts.slice(from, from + EMBEDDING_BATCH_SIZE), model: wanted };
    const answer = await client.call(orchestratorApi.embed, { body }, caller);
    vectors.push(...answer.vectors);
    usage.input_tokens += answer.usage.input_tokens;
    by = answer.model;
  }
  return { model: by, vectors, usage };
}

interface Prepared extends Sources {
  readonly invocation: Invocation;
}

/** With `auto-rag`, the caller's documents become context; `auto` and any model's own name take the messages as they are. */
async function prepare(
  { client }: Entrance,
  body: ChatCompletionRequest,
  invocation: Invocation,
  caller: Caller,
): Promise<Prepared> {
  if (body.model !== VIRTUAL_MODELS.autoRag) return { invocation, citations: [] };
  const question = invocation.messages.findLast((message) => message.role === 'user')?.content.trim();
  if (!question)
    throw errors.invalid('messages', `must hold a user message for ${VIRTUAL_MODELS.autoRag} to search with`);
  const retrieved = await client
    .call(ragApi.retrieve, { body: { query: question, collection: body.collection, top_k: ragPolicy.topK } }, caller)
    .catch((error: unknown) => {
      // Without retrieval there is an answer all the same, which says so. What the caller asked wrongly is theirs to mend.
      if (caller.signal.aborted || !(error instanceof ServiceError) || error.status < 500) throw error;
      return undefined;
    });
  const passages = retrieved?.passages ?? [];
  const instructions = invocation.messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const [context] = buildPrompt({ instructions: instructions.join('\n\n'), passages, question });
  const conversation = invocation.messages.filter(({ role }) => role !== 'system');
  const messages = context === undefined ? conversation : [context, ...conversation];
  return {
    invocation: { ...invocation, model: VIRTUAL_MODELS.auto, messages },
    citations: passages,
    retrieval: retrieved?.cache ?? 'unavailable',
  };
}

/** OpenAI's base64 form: little-endian 32-bit floats. */
function toBase64(vector: readonly number[]): string {
  return Buffer.from(new Float32Array(vector).buffer).toString('base64');
}
