import * as z from 'zod';
import { requestLimits, routePriority, VIRTUAL_MODELS } from '../../../contract/index.js';

/** Text, or OpenAI's list of parts, of which only text is taken. */
const content = z.union([
  z.string(),
  z
    .array(z.object({ type: z.literal('text'), text: z.string() }))
    .transform((parts) => parts.map((part) => part.text).join('')),
]);

const functionCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content }),
  z.object({ role: z.literal('user'), content }),
  z.object({ role: z.literal('assistant'), content: content.nullish(), tool_calls: z.array(functionCall).optional() }),
  z.object({ role: z.literal('tool'), content, tool_call_id: z.string() }),
]);

/** `POST /v1/chat/completions`, the fields that are used; others are passed over, as OpenAI's own servers do. */
export const chatCompletionRequest = z.object({
  model: z.string().default(VIRTUAL_MODELS.auto),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  max_tokens: z.int().min(1).max(requestLimits.messageCharacters).nullish(),
  max_completion_tokens: z.int().min(1).max(requestLimits.messageCharacters).nullish(),
  tools: z
    .array(
      z.object({
        type: z.literal('function'),
        function: z.object({
          name: z.string().min(1),
          description: z.string().optional(),
          parameters: z.record(z.string(), z.unknown()).optional(),
        }),
      }),
    )
    .nullish(),
  /** Extension: what the router should favour. */
  priority: routePriority.optional(),
  /** Extension: the collection that `auto-rag` retrieves from. */
  collection: z.string().default('default'),
});
export type ChatCompletionRequest = z.infer<typeof chatCompletionRequest>;

/** `POST /v1/embeddings`. */
export const embeddingRequest = z.object({
  model: z.string().optional(),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  encoding_format: z.enum(['float', 'base64']).default('float'),
});
