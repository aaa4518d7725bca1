import { tool } from '@langchain/core/tools';
import * as z from 'zod';
import { type AgentTool, requestLimits, toolLimits } from '../../contract/index.js';
import { type ContextPassage, formatPassages } from '../llm/context-prompt.js';
import { cutText } from '../llm/cut-text.js';

/** Finds passages for a query. */
export type SearchPassages = (query: string) => Promise<readonly ContextPassage[]>;

/** Looks things up in the caller's documents. */
export function documentSearch(search: SearchPassages) {
  return tool(async ({ query }) => cutText(formatPassages(await search(query)), toolLimits.outputCharacters), {
    name: 'document_search' satisfies AgentTool,
    description: "Searches the user's documents and returns the passages that are nearest to the query.",
    schema: z.object({ query: z.string().min(1).max(requestLimits.messageCharacters) }),
  });
}
