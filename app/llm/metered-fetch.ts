import * as z from 'zod';
import { PROVIDER_CALL_ID_HEADER, type Usage } from '../../contract/index.js';
import type { MeteredCall } from '../ledger/metered-call.js';

const embeddingUsage = z.object({ usage: z.object({ prompt_tokens: z.int().min(0) }) });

/**
 * A fetch for embeddings that books its calls: LangChain keeps the provider's usage to itself. The answer is read to its end before
 * it is handed on, so that nobody can give it up after it was charged.
 */
export function meteredFetch(call: MeteredCall): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set(PROVIDER_CALL_ID_HEADER, call.id);
    try {
      const response = await fetch(input, { ...init, headers });
      if (!response.ok) return response;
      const text = await response.text();
      await call.answered(usageIn(text), '');
      return new Response(text, { status: response.status, headers: { 'content-type': 'application/json' } });
    } catch (error) {
      await call.failed(error, '');
      throw error;
    }
  };
}

function usageIn(text: string): Usage | undefined {
  try {
    const { usage } = embeddingUsage.parse(JSON.parse(text));
    return { input_tokens: usage.prompt_tokens, output_tokens: 0 };
  } catch {
    return undefined; // booked as an estimate, like every answer that tells no usage
  }
}
