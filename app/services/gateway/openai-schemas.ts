import * as z from 'zod';
import {
  answerParameters,
  collectionName,
  requestLimits,
  routePriority,
  VIRTUAL_MODELS,
} from '../../../contract/index.js';

/** Where a provider's own cache may begin anew: for OpenAI's, and for Anthropic's as other gateways have it. */
const textPart = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  prompt_cache_breakpoint: z.unknown().optional(),
  cache_control: z.unknown().optional(),
});
/** What a model has said instead of an answer. */
const refusalPart = z.strictObject({ type: z.literal('refusal'), refusal: z.string() });

/** Text, or OpenAI's list of parts, of which only text is taken. */
function contentOf<P extends z.ZodType<z.infer<typeof textPart | typeof refusalPart>>>(part: P) {
  return z.union(
    [
      z.string(),
      z.array(part).transform((parts) => parts.map((one) => ('text' in one ? one.text : one.refusal)).join('')),
    ],
    {
      error: 'is neither text nor a list of parts {"type": "text", "text": …}: pictures, sound and files are not taken',
    },
  );
}
const content = contentOf(textPart);
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
    content: contentOf(z.discriminatedUnion('type', [textPart, refusalPart])).nullish(),
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
  prompt_cache_options: z.unknown().optional(),
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
  stop: z
    .union([z.string().min(1), z.array(z.string().min(1)).max(4)], { error: 'is neither a text nor a list of up to 4' })
    .nullish(),
  max_tokens: maxTokens.nullish(),
  max_completion_tokens: maxTokens.nullish(),
  n: z.literal(1, { error: 'must be 1: ask again for another answer' }).nullish(),
  logprobs: z.literal(false, { error: 'must be false: probabilities of tokens are not told' }).nullish(),
  modalities: z.array(z.literal('text')).nullish(),
  response_format: z
    .union([z.strictObject({ type: z.literal('text') }), response_format], {
      error:
        'is none of {"type": "text"}, {"type": "json_object"} and {"type": "json_schema", "json_schema": {"name": …, "schema": …}}',
    })
    .nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: z
    .union(
      [
        z.enum(['auto', 'none', 'required']),
        z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: z.string().min(1) }) }),
      ],
      { error: 'is none of "auto", "none", "required" and {"type": "function", "function": {"name": …}}' },
    )
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
  /** @default float */
  encoding_format: z.enum(['float', 'base64']).nullish(),
  /** The model's own length, or nothing. */
  dimensions: z.int().min(1).nullish(),
  user: withoutEffect.user,
});
