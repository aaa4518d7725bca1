import * as z from 'zod';
import {
  answerParameters,
  collectionName,
  requestLimits,
  routePriority,
  VIRTUAL_MODELS,
} from '../../../contract/index.js';

/** Text, or OpenAI's list of parts, of which only text is taken. */
const content = z.union(
  [
    z.string(),
    z
      .array(z.strictObject({ type: z.literal('text'), text: z.string() }))
      .transform((parts) => parts.map((part) => part.text).join('')),
  ],
  { error: 'is neither text nor a list of parts {"type": "text", "text": …}: pictures, sound and files are not taken' },
);
const name = z.string().min(1).max(64).optional();

const functionCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content, name }),
  z.object({ role: z.literal('user'), content, name }),
  z.object({
    role: z.literal('assistant'),
    content: content.nullish(),
    name,
    tool_calls: z.array(functionCall).nullish(),
  }),
  z.object({ role: z.literal('tool'), content, tool_call_id: z.string() }),
]);

const tool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: z.string().min(1),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    /** Taken as said: the model's arguments are what it makes of the schema. */
    strict: z.boolean().nullish(),
  }),
});

const { temperature, top_p, frequency_penalty, presence_penalty, seed, response_format } = answerParameters.shape;
const maxTokens = z.int().min(1).max(requestLimits.messageCharacters);

/** What a client may add without any effect on the answer: it is for OpenAI's own accounts, caches and statistics. */
const withoutEffect = {
  user: z.unknown().optional(),
  metadata: z.unknown().optional(),
  store: z.unknown().optional(),
  service_tier: z.unknown().optional(),
  safety_identifier: z.unknown().optional(),
  prompt_cache_key: z.unknown().optional(),
  prompt_cache_retention: z.unknown().optional(),
} as const;

/** `POST /v1/chat/completions`. A field that is not here is refused: left out in silence it would change the answer. */
export const chatCompletionRequest = z.strictObject({
  model: z.string().min(1).default(VIRTUAL_MODELS.auto),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() })
    .nullish(),
  temperature: temperature.nullish(),
  top_p: top_p.nullish(),
  frequency_penalty: frequency_penalty.nullish(),
  presence_penalty: presence_penalty.nullish(),
  seed: seed.nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  max_tokens: maxTokens.nullish(),
  max_completion_tokens: maxTokens.nullish(),
  n: z.literal(1, { error: 'must be 1: ask again for another answer' }).nullish(),
  logprobs: z.literal(false, { error: 'must be false: probabilities of tokens are not told' }).nullish(),
  modalities: z.array(z.literal('text')).nullish(),
  response_format: z.union([z.strictObject({ type: z.literal('text') }), response_format]).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: z
    .union([
      z.enum(['auto', 'none', 'required']),
      z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: z.string().min(1) }) }),
    ])
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  ...withoutEffect,
  /** Extension: what the router should favour. */
  priority: routePriority.optional(),
  /** Extension: the collection that `auto-rag` retrieves from. */
  collection: collectionName,
});
export type ChatCompletionRequest = z.infer<typeof chatCompletionRequest>;

/** OpenAI's own bound. */
const MAX_INPUTS = 2_048;

/** `POST /v1/embeddings`. */
export const embeddingRequest = z.strictObject({
  model: z.string().min(1).default(VIRTUAL_MODELS.auto),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(MAX_INPUTS)], {
    error: `is neither a text nor a list of 1 to ${MAX_INPUTS} texts; token ids are not taken`,
  }),
  encoding_format: z.enum(['float', 'base64']).default('float'),
  /** The model's own length, or nothing. */
  dimensions: z.int().min(1).optional(),
  user: withoutEffect.user,
});
