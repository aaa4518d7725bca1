import * as z from 'zod';
import { memoryPolicy, requestBudget, requestLimits } from '../platform/policies.js';
import { memory } from '../platform/services.js';
import { operation } from '../vocabulary/index.js';
import { sessionId } from './chat.js';

export const turn = z.object({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.string().max(requestLimits.messageCharacters),
  at: z.string(),
});
export type Turn = z.infer<typeof turn>;

const params = z.object({ session: sessionId });
const timeoutMs = requestBudget.serviceCallMs;

export const memoryApi = {
  read: operation({
    service: memory,
    method: 'GET',
    path: '/memory/:session',
    summary: "Reads the newest messages of the caller's session, oldest first.",
    params,
    query: z.object({
      max_messages: z.coerce.number().int().min(1).max(memoryPolicy.keptMessages).default(memoryPolicy.readMessages),
    }),
    response: z.object({ session: z.string(), messages: z.array(turn) }),
    timeoutMs,
  }),
  append: operation({
    service: memory,
    method: 'POST',
    path: '/memory/:session',
    summary: "Adds messages to the caller's session.",
    params,
    body: z.object({
      messages: z
        .array(turn.omit({ at: true }))
        .min(1)
        .max(memoryPolicy.keptMessages),
    }),
    response: z.object({ session: z.string(), appended: z.int() }),
    timeoutMs,
  }),
  forget: operation({
    service: memory,
    method: 'DELETE',
    path: '/memory/:session',
    summary: "Deletes the caller's session.",
    params,
    response: z.object({ session: z.string() }),
    timeoutMs,
  }),
  forgetUser: operation({
    service: memory,
    method: 'DELETE',
    path: '/users/me',
    summary: 'Deletes every session of the caller.',
    response: z.object({ sessions: z.int().min(0) }),
    timeoutMs,
  }),
} as const;
