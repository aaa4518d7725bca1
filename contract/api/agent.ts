import * as z from 'zod';
import { requestBudget, requestLimits } from '../platform/policies.js';
import { agent } from '../platform/services.js';
import { operation } from '../vocabulary/index.js';
import { spokenText, usage } from './messages.js';

/** One use of a tool: its output, or the error that it met. */
export const agentStep = z.object({
  tool: z.string(),
  input: z.record(z.string(), z.unknown()),
  output: z.string().optional(),
  error: z.string().optional(),
  duration_ms: z.number().min(0),
});
export type AgentStepView = z.infer<typeof agentStep>;

export const agentRun = z.object({
  answer: z.string(),
  steps: z.array(agentStep),
  iterations: z.int().min(0),
  /** False when the iterations ran out before an answer. */
  finished: z.boolean(),
  usage,
});
export type AgentRunView = z.infer<typeof agentRun>;

export const agentApi = {
  execute: operation({
    service: agent,
    method: 'POST',
    path: '/execute',
    summary: 'Runs the agent on a task with the allowed tools; 504 after its time, with the steps done so far.',
    body: z.object({
      task: spokenText.max(requestLimits.messageCharacters),
      /** Names of tools; absent allows all. */
      tools_allowed: z.array(z.string()).optional(),
    }),
    response: agentRun,
    timeoutMs: requestBudget.agentRunMs + requestBudget.serviceCallMs,
  }),
  tools: operation({
    service: agent,
    method: 'GET',
    path: '/tools',
    summary: 'Lists the tools.',
    response: z.object({ tools: z.array(z.object({ name: z.string(), description: z.string() })) }),
    timeoutMs: requestBudget.serviceCallMs,
  }),
} as const;
