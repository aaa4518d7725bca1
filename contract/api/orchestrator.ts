import * as z from 'zod';
import { requestBudget, requestLimits } from '../platform/policies.js';
import { EMBEDDING_BATCH_SIZE } from '../platform/queues.js';
import { orchestrator } from '../platform/services.js';
import { operation } from '../vocabulary/index.js';
import {
  cacheOutcome,
  chatMessage,
  experimentAssignment,
  routeDecision,
  routePriority,
  toolCall,
  toolDefinition,
  usage,
} from './messages.js';

/**
 * What makes two questions the same question for the cache. Without it an answer is neither looked up nor kept. The tenant, the
 * model, the system prompt and the tools are added by the orchestrator, so that no caller can forget them.
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
});

export const invocation = z.object({
  messages: z.array(chatMessage).min(1),
  /** A model's id, or `auto`. */
  model: z.string().default('auto'),
  priority: routePriority.default('balanced'),
  max_tokens: z.int().min(1).max(requestLimits.messageCharacters).optional(),
  temperature: z.number().min(0).max(2).optional(),
  tools: z.array(toolDefinition).default([]),
  /** Only of a whole answer; a streamed one is always made anew. */
  cache: answerCacheKey.optional(),
});
export type Invocation = z.infer<typeof invocation>;

/** A whole answer, with how it came about. */
export const completion = z.object({
  content: z.string(),
  tool_calls: z.array(toolCall),
  model: z.string(),
  decision: routeDecision,
  cache: cacheOutcome,
  usage,
  cost_usd: z.number(),
});
export type Completion = z.infer<typeof completion>;

/** A part of a streamed answer; the last one is the whole completion. */
export const completionPart = z.union([z.object({ delta: z.string() }), z.object({ completion })]);
export type CompletionPart = z.infer<typeof completionPart>;

const modelView = z.object({
  id: z.string(),
  provider: z.string(),
  role: z.string(),
  context_window: z.int(),
  available: z.boolean(),
});

const experiment = z.object({
  name: z.string(),
  metric: z.string(),
  active: z.boolean(),
  variants: z.array(
    z.object({
      name: z.string(),
      share: z.number(),
      units: z.int(),
      observations: z.int(),
      mean: z.number().nullable(),
      standard_error: z.number().nullable(),
    }),
  ),
});

const timeoutMs = requestBudget.serviceCallMs;

export const orchestratorApi = {
  invoke: operation({
    service: orchestrator,
    method: 'POST',
    path: '/invoke',
    summary: 'Routes messages to a model and answers whole.',
    body: invocation,
    response: completion,
    timeoutMs: requestBudget.agentRunMs,
  }),
  stream: operation({
    service: orchestrator,
    method: 'POST',
    path: '/stream',
    summary: 'Routes messages to a model and answers part by part.',
    body: invocation,
    response: completionPart,
    stream: true,
    timeoutMs: requestBudget.agentRunMs,
  }),
  embed: operation({
    service: orchestrator,
    method: 'POST',
    path: '/embed',
    summary: 'Embeds texts, in their order.',
    body: z.object({ texts: z.array(z.string()).min(1).max(EMBEDDING_BATCH_SIZE) }),
    response: z.object({ model: z.string(), vectors: z.array(z.array(z.number())), usage }),
    timeoutMs,
  }),
  models: operation({
    service: orchestrator,
    method: 'GET',
    path: '/models',
    summary: 'Lists the model table and which of them can be used here.',
    response: z.object({ models: z.array(modelView) }),
    timeoutMs,
  }),
  route: operation({
    service: orchestrator,
    method: 'POST',
    path: '/route',
    summary: 'Explains where a prompt would go, without calling a model.',
    body: z.object({
      prompt: z.string().min(1).max(requestLimits.messageCharacters),
      priority: routePriority.default('balanced'),
    }),
    response: routeDecision,
    timeoutMs,
  }),
  assign: operation({
    service: orchestrator,
    method: 'POST',
    path: '/experiments/assignments',
    summary: "Tells the caller's variant of every active experiment and counts its exposure.",
    response: z.object({ assignments: z.array(experimentAssignment) }),
    timeoutMs,
  }),
  observe: operation({
    service: orchestrator,
    method: 'POST',
    path: '/experiments/observations',
    summary:
      'Records a measured value for every experiment that the caller was exposed to and that this metric decides.',
    body: z.object({ metric: z.string(), value: z.number() }),
    response: z.object({ recorded: z.int() }),
    timeoutMs,
  }),
  experiments: operation({
    service: orchestrator,
    method: 'GET',
    path: '/experiments',
    summary: 'Lists experiments with mean and count per variant.',
    response: z.object({ experiments: z.array(experiment) }),
    timeoutMs,
  }),
  spending: operation({
    service: orchestrator,
    method: 'GET',
    path: '/spending',
    summary: "Totals of the caller's tenant, by model.",
    response: z.object({
      models: z.array(
        z.object({
          model: z.string(),
          calls: z.int(),
          input_tokens: z.int(),
          output_tokens: z.int(),
          cost_usd: z.number(),
        }),
      ),
    }),
    timeoutMs,
  }),
  forgetUser: operation({
    service: orchestrator,
    method: 'DELETE',
    path: '/users/me',
    summary:
      "Takes the caller's name out of the ledger, whose amounts stay the tenant's, and forgets what experiments measured of the caller.",
    response: z.object({ ledger_entries: z.int().min(0) }),
    timeoutMs,
  }),
} as const;
