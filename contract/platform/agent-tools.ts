import type { Tier } from './tiers.js';

/** Every tool that an agent may be given. */
export const AGENT_TOOLS = ['calculator', 'document_search', 'run_code', 'web_fetch'] as const;
export type AgentTool = (typeof AGENT_TOOLS)[number];

/** What a tier's agents may use; a request may allow less, never more. Code and web pages cost more than a free run pays for. */
export const tierTools: Readonly<Record<Tier, readonly AgentTool[]>> = {
  free: ['calculator', 'document_search'],
  premium: AGENT_TOOLS,
  enterprise: AGENT_TOOLS,
};
