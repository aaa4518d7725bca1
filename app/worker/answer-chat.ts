import {
  type ChatPayload,
  type ChatResult,
  type Citation,
  chatPayload,
  type ExperimentConfig,
  memoryApi,
  orchestratorApi,
  type Retrieval,
  ragApi,
  ragPolicy,
  type Turn,
  VIRTUAL_MODELS,
} from '../../contract/index.js';
import { buildPrompt } from '../llm/context-prompt.js';
import type { Task } from '../queue/task.js';
import type { Caller } from '../runtime/caller.js';
import { ServiceError } from '../runtime/errors.js';
import type { ServiceClient } from '../runtime/service-client.js';
import type { Logger } from '../telemetry/logger.js';
import { applyVariants } from './apply-variants.js';

/**
 * Answers one message: experiment variants, the conversation so far, passages, a model. Memory and retrieval may be away; the
 * answer then comes without them and says so.
 */
export async function answerChat(
  { id, payload }: Pick<Task, 'id' | 'payload'>,
  caller: Caller,
  client: ServiceClient,
  logger: Logger,
): Promise<ChatResult> {
  const { session, message, model, priority, collection } = chatPayload.parse(payload);
  const without =
    <T>(part: string, fallback: T) =>
    (error: unknown): T => {
      if (caller.signal.aborted) throw error;
      logger.warn({ err: error, part }, 'answering without a part');
      return fallback;
    };

  const [{ config, used }, remembered] = await Promise.all([
    useVariants(session, model, caller, client).catch(without('experiments', applyVariants([], []))),
    readHistory(session, caller, client).catch(without('memory', undefined)),
  ]);
  const history = remembered ?? [];
  const { topK = ragPolicy.topK, systemPrompt } = config;
  const retrieved = await client
    .call(ragApi.retrieve, { body: { query: message, top_k: topK, collection } }, caller)
    .catch(without('retrieval', undefined));

  const completion = await client.call(
    orchestratorApi.invoke,
    {
      body: {
        messages: buildPrompt({
          ...(systemPrompt && { instructions: systemPrompt }),
          ...(retrieved && { passages: retrieved.passages }),
          history,
          question: message,
        }),
        model: config.model ?? model,
        priority,
        ...answerKey({ message, collection }, config, history, retrieved),
      },
    },
    caller,
  );

  const kept = await client
    .call(
      memoryApi.append,
      {
        params: { session },
        body: {
          messages: [
            { role: 'user', content: message },
            { role: 'assistant', content: completion.content },
          ],
        },
      },
      caller,
    )
    .catch(without('memory', undefined));

  return {
    session,
    answer: completion.content,
    citations: citedIn(completion.content, retrieved?.passages ?? []),
    metadata: {
      model: completion.model,
      decision: completion.decision,
      cache: completion.cache,
      retrieval: retrieved?.cache ?? 'unavailable',
      memory: remembered && kept ? 'kept' : 'unavailable',
      usage: completion.usage,
      cost_usd: completion.cost_usd,
      answer_id: id,
      release: completion.release,
      experiments: used.map(({ experiment, variant }) => ({ experiment, variant })),
    },
  };
}

async function readHistory(session: string, caller: Caller, client: ServiceClient): Promise<Turn[]> {
  try {
    const { messages } = await client.call(memoryApi.read, { params: { session } }, caller);
    return messages;
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) return [];
    throw error;
  }
}

/** An answer may be reused only where nothing but the question and the documents went into it. */
function answerKey(
  { message: question, collection }: Pick<ChatPayload, 'message' | 'collection'>,
  { topK = ragPolicy.topK, systemPrompt: instructions = '' }: ExperimentConfig,
  history: readonly Turn[],
  retrieved: Retrieval | undefined,
) {
  if (history.length > 0 || retrieved === undefined) return {};
  const documents = [...new Set(retrieved.passages.map(({ document_id: id }) => id))];
  const knowledge = `${collection}@${retrieved.collection_version}/${topK}`;
  return { cache: { question, knowledge, instructions, documents } };
}

/** The variants that this answer is made by. They are exposed before they are used: an answer that fails belongs to its variant too. */
async function useVariants(session: string, model: string, caller: Caller, client: ServiceClient) {
  const { assignments } = await client.call(orchestratorApi.assign, { body: { session } }, caller);
  const applied = applyVariants(assignments, model === VIRTUAL_MODELS.auto ? [] : ['model']);
  if (applied.used.length > 0) {
    const variants = applied.used.map(({ experiment, variant }) => ({ experiment, variant }));
    await client.call(orchestratorApi.expose, { body: { session, variants } }, caller);
  }
  return applied;
}

/** The passages that the answer names as [1], [2], in their order of appearance in the context. */
function citedIn(answer: string, passages: readonly Citation[]): Citation[] {
  return passages.filter((_, i) => answer.includes(`[${i + 1}]`));
}
