import type { Embeddings } from '@langchain/core/embeddings';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import {
  type AnswerParameters,
  EMBEDDING_BATCH_SIZE,
  embeddingModels,
  type ModelSpec,
  requestBudget,
} from '../../contract/index.js';
import { plainFetch } from './plain-fetch.js';

/** How the providers of models are reached. */
export interface Credentials {
  readonly openaiApiKeys: readonly string[];
  /** An OpenAI-compatible server; it may need no key. */
  readonly openaiBaseUrl?: string | undefined;
  readonly anthropicApiKeys: readonly string[];
}

/** What LangChain's models are made with; `callOptionsOf` gives the rest with each call. */
const MODEL_PARAMETERS = ['max_tokens', 'temperature', 'top_p', 'frequency_penalty', 'presence_penalty'] as const;
export type ModelParameters = Pick<AnswerParameters, (typeof MODEL_PARAMETERS)[number]>;

/** The same text for requests that the same model can answer. */
export function modelParametersKey(request: ModelParameters): string {
  return JSON.stringify(MODEL_PARAMETERS.map((name) => request[name]));
}

/** Ids of the models that can be used with these credentials. The local model always can. */
export function availableModels(models: readonly ModelSpec[], credentials: Credentials): ReadonlySet<string> {
  const usable: Readonly<Record<ModelSpec['provider'], boolean>> = {
    openai: hasOpenAi(credentials),
    anthropic: credentials.anthropicApiKeys.length > 0,
    local: true,
  };
  return new Set(models.filter(({ provider }) => usable[provider]).map(({ id }) => id));
}

/**
 * A LangChain chat model of the table. The provider's package is loaded on first use. It neither retries nor waits: the
 * resilience pipeline around it does.
 * @param access the key of its calls
 */
export async function makeChatModel(
  spec: ModelSpec,
  access: Pick<Credentials, 'openaiBaseUrl'> & { readonly key: string | undefined },
  request: ModelParameters = {},
): Promise<BaseChatModel> {
  const { max_tokens: maxTokens, temperature, top_p: topP } = request;
  const parameters = {
    model: spec.id,
    maxRetries: 0,
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
  };
  if (spec.provider === 'openai') {
    const { ChatOpenAI } = await import('@langchain/openai');
    const { PlainCompletions } = await import('./plain-completions.js');
    const { frequency_penalty: frequencyPenalty, presence_penalty: presencePenalty } = request;
    const fields = {
      ...parameters,
      ...(frequencyPenalty === undefined ? {} : { frequencyPenalty }),
      ...(presencePenalty === undefined ? {} : { presencePenalty }),
      timeout: requestBudget.modelCallMs,
      streamUsage: true,
      ...openAiAccess(access, plainFetch),
    };
    return new ChatOpenAI({ ...fields, completions: new PlainCompletions(fields) });
  }
  if (spec.provider === 'anthropic') {
    const { ChatAnthropic } = await import('@langchain/anthropic');
    return new ChatAnthropic({
      ...parameters,
      ...(access.key === undefined ? {} : { apiKey: access.key }),
      clientOptions: { timeout: requestBudget.modelCallMs, fetch: plainFetch },
    });
  }
  const { LocalExtractiveChatModel } = await import('./local-extractive.js');
  return new LocalExtractiveChatModel({ model: spec.id, ...(maxTokens === undefined ? {} : { maxTokens }) });
}

export type EmbeddingSpec = (typeof embeddingModels)[keyof typeof embeddingModels];

/** The embedding model that these credentials give: OpenAI's with a key or base URL, else the local one. */
export function embeddingSpec(credentials: Credentials): EmbeddingSpec {
  return hasOpenAi(credentials) ? embeddingModels.openai : embeddingModels.local;
}

/**
 * Makes that model for one call. As with a chat model, the pipeline around it retries.
 * @param access `fetch` makes the HTTP calls. @default plainFetch
 */
export async function makeEmbeddings(
  spec: EmbeddingSpec,
  access: Pick<Credentials, 'openaiBaseUrl'> & { readonly key: string | undefined; readonly fetch?: typeof fetch },
): Promise<Embeddings> {
  if (spec.provider === 'local') {
    const { LocalHashingEmbeddings } = await import('./local-embeddings.js');
    return new LocalHashingEmbeddings();
  }
  const { OpenAIEmbeddings } = await import('@langchain/openai');
  // Left to itself OpenAI's client asks for base64, and misreads the plain numbers of a compatible server that ignores that.
  const parameters = {
    model: spec.id,
    dimensions: spec.dimensions,
    encodingFormat: 'float',
    maxRetries: 0,
    batchSize: EMBEDDING_BATCH_SIZE,
  } as const;
  return new OpenAIEmbeddings({ ...parameters, ...openAiAccess(access, access.fetch ?? plainFetch) });
}

function hasOpenAi({ openaiApiKeys, openaiBaseUrl }: Credentials): boolean {
  return openaiApiKeys.length > 0 || openaiBaseUrl !== undefined;
}

function openAiAccess(
  { key, openaiBaseUrl }: Pick<Credentials, 'openaiBaseUrl'> & { readonly key: string | undefined },
  own: typeof fetch,
) {
  return {
    // A compatible server may need no key, but the client refuses to start without one.
    apiKey: key ?? 'none',
    // What is wrong is thrown; the client would print it, too.
    configuration: {
      logLevel: 'off' as const,
      fetch: own,
      ...(openaiBaseUrl === undefined ? {} : { baseURL: openaiBaseUrl }),
    },
  };
}
