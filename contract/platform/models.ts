import { type ModelSpec, modelTable } from '../vocabulary/index.js';

/**
 * The chapter's models (32.5), whose one price a model stands for input and output alike, and the local answerer. An environment
 * replaces the table by its `MODELS` setting; nothing in the code names a model.
 */
export const models: readonly ModelSpec[] = modelTable.parse([
  {
    id: 'gpt-3.5-turbo',
    provider: 'openai',
    role: 'cheap',
    inputMicroUsdPer1kTokens: 2_000,
    outputMicroUsdPer1kTokens: 2_000,
    contextWindowTokens: 16_000,
    typicalLatencyMs: 1_500,
  },
  {
    id: 'gpt-4',
    provider: 'openai',
    role: 'strong',
    inputMicroUsdPer1kTokens: 30_000,
    outputMicroUsdPer1kTokens: 30_000,
    contextWindowTokens: 128_000,
    typicalLatencyMs: 3_000,
    fallbacks: ['gpt-3.5-turbo'],
  },
  {
    id: 'claude-3-opus',
    provider: 'anthropic',
    role: 'specialist',
    inputMicroUsdPer1kTokens: 15_000,
    outputMicroUsdPer1kTokens: 15_000,
    contextWindowTokens: 200_000,
    // Anthropic reckons 3.5 characters to a token of English (its glossary), OpenAI 4.
    tokensPerCountedToken: 1.15,
    typicalLatencyMs: 2_500,
    strengths: ['specialised'],
    fallbacks: ['gpt-4', 'gpt-3.5-turbo'],
  },
  {
    id: 'local-extractive',
    provider: 'local',
    role: 'local',
    inputMicroUsdPer1kTokens: 0,
    outputMicroUsdPer1kTokens: 0,
    contextWindowTokens: 32_000,
    typicalLatencyMs: 5,
  },
]);

/** Names under which an OpenAI client asks for routing instead of one model. */
export const VIRTUAL_MODELS = {
  /** The router chooses the model. */
  auto: 'auto',
  /** The router chooses, and the caller's documents are retrieved as context. */
  autoRag: 'auto-rag',
} as const;

/** Embedding models by provider, with the length of their vectors. */
export const embeddingModels = {
  openai: { id: 'text-embedding-3-small', provider: 'openai', dimensions: 1536, microUsdPer1kTokens: 20 },
  local: { id: 'local-hashing', provider: 'local', dimensions: 512, microUsdPer1kTokens: 0 },
} as const;
