import { tool } from '@langchain/core/tools';
import * as z from 'zod';
import { type AgentTool, toolLimits } from '../../contract/index.js';

/** Reads the text of a web page. @throws in words when it may not or cannot be read */
export type FetchPage = (url: string, signal: AbortSignal) => Promise<string>;

/** Reads pages of the hosts that the operator has allowed. */
export function webFetch(fetchPage: FetchPage, allowedHosts: readonly string[]) {
  return tool(async ({ url }, { signal }) => fetchPage(url, signal ?? new AbortController().signal), {
    name: 'web_fetch' satisfies AgentTool,
    description: `Reads the text of a web page. It may read pages of ${allowedHosts.join(', ')} and of no other host.`,
    schema: z.object({ url: z.url().max(toolLimits.fetch.urlCharacters) }),
  });
}
