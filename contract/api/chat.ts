import * as z from 'zod';
import { requestBudget, requestLimits } from '../platform/policies.js';
import { TASK_STATES } from '../platform/queues.js';
import { chat } from '../platform/services.js';
import { operation } from '../vocabulary/index.js';
import {
  cacheOutcome,
  citation,
  collectionName,
  experimentAssignment,
  routeDecision,
  routePriority,
  spokenText,
  usage,
} from './messages.js';

/** A session id: chosen by the client, or made for it. A proxy that tidies paths would make another of `..`. */
export const sessionId = z
  .string()
  .regex(/^[\w-][\w.-]{0,127}$/, 'is 1 to 128 letters, digits, dots, dashes or underscores, and begins with no dot');

/** What a chat task is asked to do. */
export const chatPayload = z.object({
  session: sessionId,
  message: spokenText.max(requestLimits.messageCharacters),
  /** A model's id, or `auto`. */
  model: z.string().default('auto'),
  priority: routePriority.default('balanced'),
  collection: collectionName,
});
export type ChatPayload = z.infer<typeof chatPayload>;

/** What a chat task answers. */
export const chatResult = z.object({
  session: z.string(),
  answer: z.string(),
  citations: z.array(citation),
  metadata: z.object({
    model: z.string(),
    decision: routeDecision,
    cache: cacheOutcome,
    /** `unavailable` when retrieval failed and the answer was made without documents. */
    retrieval: z.enum(['l1', 'l2', 'source', 'unavailable']),
    /** `unavailable` when the conversation could not be read, so that the answer was made without it, or this turn of it not be kept. */
    memory: z.enum(['kept', 'unavailable']),
    usage,
    cost_usd: z.number(),
    /** For whoever scores it. Workers of before do not say so. */
    answer_id: z.string().optional(),
    /** Which release of the orchestrator made it; absent where that is not known. */
    release: z.string().optional(),
    experiments: z.array(experimentAssignment.omit({ config: true, varies: true })),
  }),
});
export type ChatResult = z.infer<typeof chatResult>;

export const embedPayload = z.object({
  texts: z.array(spokenText).min(1).max(requestLimits.batchTexts),
  collection: collectionName,
});
export type EmbedPayload = z.infer<typeof embedPayload>;

/** A task as its owner sees it. */
export const taskView = z.object({
  task_id: z.string(),
  kind: z.string(),
  status: z.enum(TASK_STATES),
  result: z.unknown().optional(),
  error: z.string().optional(),
  /** Status and code of the error, where the caller's own doing made the task fail: a mistake, or that it was cancelled. */
  refused: z.object({ status: z.int().min(400).max(499), code: z.string() }).optional(),
  /** Of a task that does many things of one kind, such as texts to embed. */
  progress: z.object({ done: z.int().min(0), total: z.int().min(0) }).optional(),
  check_url: z.string(),
});
export type TaskView = z.infer<typeof taskView>;

const timeoutMs = requestBudget.serviceCallMs;

export const chatApi = {
  submitChat: operation({
    service: chat,
    method: 'POST',
    path: '/chat',
    summary: 'Puts a message into the queue of its tier and answers with the task.',
    body: chatPayload,
    response: taskView,
    timeoutMs,
  }),
  submitEmbed: operation({
    service: chat,
    method: 'POST',
    path: '/embed',
    summary: 'Puts texts into the queue, to be embedded into a collection.',
    body: embedPayload,
    response: taskView,
    timeoutMs,
  }),
  task: operation({
    service: chat,
    method: 'GET',
    path: '/tasks/:id',
    summary: 'Tells a task of the caller; with wait_ms, when it ends or the time is over.',
    params: z.object({ id: z.string() }),
    query: z.object({ wait_ms: z.coerce.number().int().min(0).max(requestBudget.syncAnswerMs).default(0) }),
    response: taskView,
    timeoutMs: requestBudget.syncAnswerMs + timeoutMs,
  }),
  cancelTask: operation({
    service: chat,
    method: 'DELETE',
    path: '/tasks/:id',
    summary: 'Cancels a task of the caller. One that has ended stays as it is.',
    params: z.object({ id: z.string() }),
    response: taskView,
    timeoutMs,
  }),
  forgetUser: operation({
    service: chat,
    method: 'DELETE',
    path: '/users/me',
    summary: "Cancels the caller's tasks and forgets what they asked and answered.",
    response: z.object({ tasks: z.int().min(0) }),
    timeoutMs,
  }),
  queues: operation({
    service: chat,
    method: 'GET',
    path: '/queues',
    summary: 'Tasks waiting in each queue.',
    response: z.record(z.string(), z.int().min(0)),
    timeoutMs,
  }),
} as const;
