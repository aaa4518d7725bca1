import * as z from 'zod';
import { requestBudget, requestLimits } from '../platform/policies.js';
import { EMBEDDING_BATCH_SIZE } from '../platform/queues.js';
import { orchestrator } from '../platform/services.js';
import { operation } from '../vocabulary/index.js';
import { experimentResults, experimentView, measuredValue, outcome, RELEASES } from './experiments.js';
import { completion, completionPart, feature, invocation } from './invocation.js';
import { experimentAssignment, routeDecision, routePriority, usage } from './messages.js';
import { usageQuery, usageReport } from './usage.js';

const modelView = z.object({
  id: z.string(),
  provider: z.string(),
  role: z.string(),
  context_window: z.int(),
  available: z.boolean(),
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
      /** That it is of; of an answer it is that in which the answer was given. */
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
    response: z.object({ experiments: z.array(experimentView) }),
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
