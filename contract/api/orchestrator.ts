import * as z from 'zod';
import { canaryPolicy, requestBudget, requestLimits } from '../platform/policies.js';
import { EMBEDDING_BATCH_SIZE } from '../platform/queues.js';
import { orchestrator } from '../platform/services.js';
import { operation } from '../vocabulary/index.js';
import { experimentResults, measuredValue, outcome } from './experiments.js';
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

/** A day of UTC. */
const day = z.iso.date();

const usageQuery = z.object({
  /** The first day. @default the first of this month */
  from: day.optional(),
  /** The last day, inclusive. @default today */
  to: day.optional(),
});

/** What one user spent on one day, on one model, for one feature. */
export const usageRow = z.object({
  day,
  feature: z.string(),
  model: z.string(),
  calls: z.int(),
  estimated_calls: z.int(),
  cache_hits: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost_usd: z.number(),
  saved_usd: z.number(),
});
export type UsageRow = z.infer<typeof usageRow>;

export const usageReport = z.object({
  from: day,
  to: day,
  calls: z.int(),
  cost_usd: z.number(),
  saved_usd: z.number(),
  rows: z.array(usageRow),
  /** What the user is held to: alone, or with the tenant's other users. */
  budgets: z.array(
    z.object({
      of: z.enum(['user', 'tenant']),
      period: z.string(),
      limit_usd: z.number(),
      spent_usd: z.number(),
      spent_ratio: z.number(),
    }),
  ),
});
export type UsageReport = z.infer<typeof usageReport>;

/** Metric of the outcomes that judge a release too: how good an answer was, 0 to 1. */
export const ANSWER_SCORE = 'answer_score';
/** No others: what a caller names becomes a label. */
export const RELEASES = [canaryPolicy.stableVersion, canaryPolicy.canaryVersion] as const;

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
    body: z.object({
      texts: z.array(z.string()).min(1).max(EMBEDDING_BATCH_SIZE),
      /** The embedding model's id, or `auto`; there is one, and another is not found. */
      model: z.string().default('auto'),
      feature: feature.default('embeddings'),
    }),
    response: z.object({ model: z.string(), vectors: z.array(z.array(z.number())), usage }),
    timeoutMs,
  }),
  models: operation({
    service: orchestrator,
    method: 'GET',
    path: '/models',
    summary: 'Lists the model table and which of them can be used here.',
    response: z.object({
      models: z.array(modelView),
      embedding: z.object({ id: z.string(), provider: z.string(), dimensions: z.int() }),
    }),
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
    summary: "Tells the caller's variant of every active experiment; its exposure is for whoever uses it to tell.",
    body: z.strictObject({ session: z.string().min(1).optional() }),
    response: z.object({ assignments: z.array(experimentAssignment) }),
    timeoutMs,
  }),
  expose: operation({
    service: orchestrator,
    method: 'POST',
    path: '/experiments/exposures',
    summary: 'Counts that the caller gets what the variants say, once for each unit and experiment.',
    body: z.strictObject({
      session: z.string().min(1).optional(),
      variants: z.array(z.strictObject({ experiment: z.string(), variant: z.string() })),
    }),
    response: z.strictObject({ first: z.int().min(0) }),
    timeoutMs,
  }),
  recordOutcome: operation({
    service: orchestrator,
    method: 'POST',
    path: '/experiments/:id/outcomes',
    summary: 'Records an outcome of the caller in an experiment. Sent again with the same id, it counts once.',
    params: z.object({ id: z.string() }),
    body: outcome,
    response: z.strictObject({ recorded: z.boolean() }),
    timeoutMs,
  }),
  results: operation({
    service: orchestrator,
    method: 'GET',
    path: '/experiments/:id/results',
    summary: 'Compares the variants of an experiment: results that hold at any look, and those of a single one.',
    params: z.object({ id: z.string() }),
    response: experimentResults,
    timeoutMs,
  }),
  observe: operation({
    service: orchestrator,
    method: 'POST',
    path: '/experiments/observations',
    summary:
      'Records a measured value for every experiment that has this metric; a score of an answer for the release that made it too. Of one answer it counts once.',
    body: z.object({
      metric: z.string(),
      value: measuredValue,
      session: z.string().min(1).optional(),
      /** Of an answer to a chat that the caller got within the last hour, as its metadata has it. @default it is of no answer, and each one counts */
      answer_id: z.string().min(1).max(128).optional(),
      /** That made the answer. */
      release: z.enum(RELEASES).optional(),
    }),
    // A release from before scores were counted does not say so.
    response: z.object({ recorded: z.int(), scored: z.boolean().default(false) }),
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
  usage: operation({
    service: orchestrator,
    method: 'GET',
    path: '/usage',
    summary: 'What the caller spent, by day, feature and model, and the budgets that hold.',
    query: usageQuery,
    response: usageReport,
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
  forgetAnswers: operation({
    service: orchestrator,
    method: 'DELETE',
    path: '/documents/:id/answers',
    summary: "Forgets every kept answer that rests on a document of the caller's tenant.",
    params: z.object({ id: z.string() }),
    response: z.object({ document_id: z.string() }),
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
