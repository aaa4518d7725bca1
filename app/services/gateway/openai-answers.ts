import * as z from 'zod';
import { cacheOutcome, citation, FINISH_REASONS, routeDecision } from '../../../contract/index.js';

/** Answers in OpenAI's shapes, as the API's description has them. */

const usage = z.strictObject({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
});

const call = z.strictObject({
  id: z.string(),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
});

/** Extension: how the answer came about. */
const provenance = z.strictObject({
  decision: routeDecision,
  cache: cacheOutcome,
  cost_usd: z.number(),
  citations: z.array(citation),
  retrieval: z.string().optional(),
});

export const chatCompletion = z.strictObject({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.strictObject({
      index: z.int(),
      message: z.strictObject({
        role: z.literal('assistant'),
        content: z.string().nullable(),
        refusal: z.null(),
        tool_calls: z.array(call).optional(),
      }),
      logprobs: z.null(),
      finish_reason: z.enum(FINISH_REASONS),
    }),
  ),
  usage,
  armature: provenance,
});

export const embeddingList = z.strictObject({
  object: z.literal('list'),
  model: z.string(),
  data: z.array(
    z.strictObject({
      object: z.literal('embedding'),
      index: z.int(),
      /** Numbers, or in base64 as little-endian 32-bit floats. */
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
  usage: usage.omit({ completion_tokens: true }),
});

export const model = z.strictObject({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
});

export const modelList = z.strictObject({ object: z.literal('list'), data: z.array(model) });
