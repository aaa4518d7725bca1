import * as z from 'zod';
import { requestLimits } from '../platform/policies.js';
import {
  cacheOutcome,
  chatMessage,
  routeDecision,
  routePriority,
  toolCall,
  toolDefinition,
  usage,
} from './messages.js';

/**
 * What makes two questions the same question for the cache. Without it an answer is neither looked up nor kept. The tenant, the
 * model, the parameters and the tools are added by the orchestrator, so that no caller can forget them.
 */
export const answerCacheKey = z.object({
  /** The user's question by itself; the conversation before it must not matter. */
  question: z.string().min(1),
  /** What the answer was made from, such as a collection and its version. */
  knowledge: z.string(),
  /** The system prompt without what was retrieved: `knowledge` stands for that. */
  instructions: z.string().default(''),
  /** Ids of the documents that the answer rests on. */
  documents: z.array(z.string()).default([]),
  /** SHA-256 of each image that belongs to the question, hex, in their order. */
  images: z.array(z.hash('sha256')).default([]),
});

/** What tokens are spent for, as the ledger tells it apart. */
export const feature = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'is a lower-case word of at most 40 characters, such as "chat"');

/** JSON of any kind, or JSON of one schema (OpenAI's structured outputs). */
const responseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: z.string().min(1),
      description: z.string().optional(),
      schema: z.record(z.string(), z.unknown()).optional(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

/** What a request may set for the model's answer. Each changes it: a model whose provider does not take one is not asked. */
export const answerParameters = z.object({
  max_tokens: z.int().min(1).max(requestLimits.messageCharacters).optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  frequency_penalty: z.number().min(-2).max(2).optional(),
  presence_penalty: z.number().min(-2).max(2).optional(),
  seed: z.int().optional(),
  /** Texts before which the answer ends. */
  stop: z.array(z.string().min(1)).min(1).max(4).optional(),
  response_format: responseFormat.optional(),
  /** Whether tools are called: as the model likes, at all, or this one. @default auto, if there are tools */
  tool_choice: z.union([z.enum(['auto', 'none', 'required']), z.object({ name: z.string().min(1) })]).optional(),
  parallel_tool_calls: z.boolean().optional(),
});
export type AnswerParameters = z.infer<typeof answerParameters>;

export const invocation = answerParameters.extend({
  messages: z.array(chatMessage).min(1),
  /** A model's id, or `auto`. */
  model: z.string().default('auto'),
  priority: routePriority.default('balanced'),
  tools: z.array(toolDefinition).default([]),
  feature: feature.default('chat'),
  /** Only of a whole answer; a streamed one is always made anew. */
  cache: answerCacheKey.optional(),
});
export type Invocation = z.infer<typeof invocation>;

/** Why an answer ended: it was at its end, at the longest that was wanted, at a tool's call, or held back by the provider. */
export const FINISH_REASONS = ['stop', 'length', 'tool_calls', 'content_filter'] as const;
export type FinishReason = (typeof FINISH_REASONS)[number];

/** A whole answer, with how it came about. */
export const completion = z.object({
  content: z.string(),
  tool_calls: z.array(toolCall),
  finish_reason: z.enum(FINISH_REASONS),
  model: z.string(),
  decision: routeDecision,
  cache: cacheOutcome,
  usage,
  cost_usd: z.number(),
  /** Which release of the orchestrator made it; absent of one that was kept for questions of the same meaning. */
  release: z.string().optional(),
});
export type Completion = z.infer<typeof completion>;

/** A part of a streamed answer; the last one is the whole completion. */
export const completionPart = z.union([z.object({ delta: z.string() }), z.object({ completion })]);
export type CompletionPart = z.infer<typeof completionPart>;
