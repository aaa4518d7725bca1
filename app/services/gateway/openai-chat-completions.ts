import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import {
  type Completion,
  type Invocation,
  orchestratorApi,
  ragApi,
  ragPolicy,
  type Usage,
  VIRTUAL_MODELS,
} from '../../../contract/index.js';
import { estimateTokens } from '../../limits/estimate-tokens.js';
import { buildPrompt } from '../../llm/context-prompt.js';
import type { Caller } from '../../runtime/caller.js';
import type { Clock } from '../../runtime/clock.js';
import { errors, ServiceError } from '../../runtime/errors.js';
import type { ServiceClient } from '../../runtime/service-client.js';
import { answersOf } from './answers.js';
import { admit, callerOf, type Entrance, identified } from './entrance.js';
import { chatCompletion } from './openai-answers.js';
import { maxTokensOf, textsOf, toInvocation, toOpenAiMessage, toOpenAiUsage } from './openai-messages.js';
import { refuseUnknownFields } from './openai-refusals.js';
import { type ChatCompletionRequest, chatCompletionRequest } from './openai-schemas.js';
import { type AnswerHead, openStream, provenance, type Sources } from './openai-stream.js';

/** A chunk is not described by itself: OpenAPI knows a stream of events only as text. */
const completionTypes = {
  'application/json': { schema: chatCompletion },
  'text/event-stream': { schema: z.string() },
} as const;

/** What of a request's work tells nothing of the tokens that are used. */
const NOT_YET = () => undefined;

/** `POST /v1/chat/completions` */
export function addChatCompletions(
  app: FastifyInstance,
  entrance: Entrance,
  { clock, newId }: { readonly clock: Clock; readonly newId: () => string },
): void {
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
      const { client } = entrance;
      const body = request.body as ChatCompletionRequest;
      const asked = toInvocation(body);
      const caller = await callerOf(entrance, request);
      const tokens = estimateTokens(textsOf(body), maxTokensOf(body));
      const work = await admit(entrance, caller, tokens, { log: request.log, reply });
      const head = { id: `chatcmpl-${newId()}`, created: Math.floor(clock() / 1000) };
      // `auto` and any model's own name take the messages as they are.
      const prepared =
        body.model === VIRTUAL_MODELS.autoRag
          ? await work.run(() => withDocuments(client, body, asked, caller), NOT_YET)
          : { invocation: asked, citations: [] };
      if (body.stream !== true) {
        const ask = () => client.call(orchestratorApi.invoke, { body: prepared.invocation }, caller);
        return wholeAnswer(head, await work.run(ask, usageOf), prepared);
      }
      const includeUsage = body.stream_options?.include_usage === true;
      const onEnd = (completion: Completion) => work.settle(completion.usage);
      const stream = { ...prepared, caller, head, model: body.model, includeUsage, onEnd };
      const events = await work.run(() => openStream(client, stream), NOT_YET);
      return reply.type('text/event-stream').send(events);
    },
  });
}

function usageOf({ usage }: Completion): Usage {
  return usage;
}

function wholeAnswer({ id, created }: AnswerHead, completion: Completion, sources: Sources) {
  return {
    id,
    created,
    object: 'chat.completion',
    model: completion.model,
    choices: [
      { index: 0, message: toOpenAiMessage(completion), logprobs: null, finish_reason: completion.finish_reason },
    ],
    usage: toOpenAiUsage(completion),
    armature: provenance(completion, sources),
  } satisfies z.input<typeof chatCompletion>;
}

interface Prepared extends Sources {
  readonly invocation: Invocation;
}

/** The caller's documents become context. */
async function withDocuments(
  client: ServiceClient,
  body: ChatCompletionRequest,
  invocation: Invocation,
  caller: Caller,
): Promise<Prepared> {
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
