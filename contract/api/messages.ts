import * as z from 'zod';
import { ragPolicy, requestLimits } from '../platform/policies.js';
import { ROUTE_PRIORITIES, TASK_CLASSES } from '../vocabulary/index.js';

/** A function call that a model asks for. */
export const toolCall = z.object({ id: z.string(), name: z.string(), arguments: z.record(z.string(), z.unknown()) });
export type ToolCall = z.infer<typeof toolCall>;

/** Of documents, within a tenant. */
export const collectionName = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'is 1 to 64 letters, digits, dots, dashes or underscores')
  .default('default');

/** Something said: without the blanks around it it is not empty. The pattern tells it to readers of the API's description. */
export const spokenText = z.string().trim().min(1).regex(/\S/, 'is blank');

const text = z.string().max(requestLimits.messageCharacters);

/** Tells speakers of one role apart. */
const name = z.string().min(1).max(64).optional();

export const chatMessage = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), content: text, name }),
  z.object({ role: z.literal('user'), content: text, name }),
  z.object({ role: z.literal('assistant'), content: text, name, tool_calls: z.array(toolCall).optional() }),
  z.object({ role: z.literal('tool'), content: text, tool_call_id: z.string() }),
]);
export type ChatMessage = z.infer<typeof chatMessage>;

/** A function that a model may call; `parameters` is JSON Schema. */
export const toolDefinition = z.object({
  name: z.string().min(1),
  description: z.string().default(''),
  parameters: z.record(z.string(), z.unknown()),
});
export type ToolDefinition = z.infer<typeof toolDefinition>;

export const usage = z.object({ input_tokens: z.int().min(0), output_tokens: z.int().min(0) });
export type Usage = z.infer<typeof usage>;

/** Why a model was chosen. */
export const routeDecision = z.object({
  class: z.enum(TASK_CLASSES),
  /** The model that policy prefers, whether or not it can be used here. */
  preferred: z.string(),
  model: z.string(),
  fallbacks: z.array(z.string()),
  reasons: z.array(z.string()),
});
export type RouteDecisionView = z.infer<typeof routeDecision>;

export const routePriority = z.enum(ROUTE_PRIORITIES);

/** Where an answer came from. `bypass` says that no cache was asked, `stale` that no model answered and this is older than it should be; the reason is beside it. */
export const cacheOutcome = z.object({
  level: z.enum(['l1', 'l2', 'semantic', 'source', 'bypass', 'stale']),
  reason: z.string().optional(),
  /** Cosine of the question that was answered before; semantic hits only. */
  similarity: z.number().optional(),
});
export type CacheOutcome = z.infer<typeof cacheOutcome>;

/** A passage that an answer rests on. */
export const citation = z.object({
  document_id: z.string(),
  source: z.string(),
  index: z.int().min(0),
  text: z.string(),
  /** Sum of 1 / (60 + rank) over the searches that found it. */
  score: z.number(),
  /** Its place in the search by vectors and in the one by words, from 1; absent where it was not found. */
  ranks: z.object({ vector: z.int().optional(), text: z.int().optional() }).default({}),
});
export type Citation = z.infer<typeof citation>;

/** What a variant of an experiment may change of an answer. */
export const experimentConfig = z.strictObject({
  /** Instructions that come first in the prompt. */
  systemPrompt: z.string().min(1).max(requestLimits.messageCharacters).optional(),
  /** A model's id, for messages that name none. */
  model: z.string().min(1).optional(),
  /** Passages that are retrieved. */
  topK: z.int().min(1).max(ragPolicy.maxTopK).optional(),
});
export type ExperimentConfig = z.infer<typeof experimentConfig>;

export const experimentAssignment = z.object({
  experiment: z.string(),
  variant: z.string(),
  config: experimentConfig,
  /** Keys of the configuration that some variant of the experiment sets. */
  varies: z.array(z.string()),
});
export type ExperimentAssignment = z.infer<typeof experimentAssignment>;
