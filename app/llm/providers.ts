import type { Embeddings } from '@langchain/core/embeddings';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { type AnswerParameters, embeddingModels, type ModelSpec, requestBudget } from '../../contract/index.js';

/** How the providers of models are reached. */
export interface Credentials {
  readonly openaiApiKeys: readonly string[];
  /** An OpenAI-compatible server; it may need no key. */
  readonly openaiBaseUrl?: string | undefined;
  readonly anthropicApiKeys: readonly string[];
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
 * @param access the key for this call
 * @param request what is given to the model itself; `callOptionsOf` gives the rest with the call
 */
export async function makeChatModel(
  spec: ModelSpec,
  access: Pick<Credentials, 'openaiBaseUrl'> & { readonly key: string | undefined },
  request: AnswerParameters = {},
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
    const { frequency_penalty: frequencyPenalty, presence_penalty: presencePenalty } = request;
    return new ChatOpenAI({
      ...parameters,
      ...(frequencyPenalty === undefined ? {} : { frequencyPenalty }),
      ...(presencePenalty === undefined ? {} : { presencePenalty }),
      timeout: requestBudget.modelCallMs,
      streamUsage: true,
      ...openAiAccess(access),
    });
  }
  if (spec.provider === 'anthropic') {
    const { ChatAnthropic } = await import('@langchain/anthropic');
    return new ChatAnthropic({
      ...parameters,
      ...(access.key === undefined ? {} : { apiKey: access.key }),
      clientOptions: { timeout: requestBudget.modelCallMs },
    });
  }
  const { LocalExtractiveChatModel } = await import('./local-extractive.js');
  return new LocalExtractiveChatModel({ model: spec.id, ...(maxTokens === undefined ? {} : { maxTokens }) });
}

/** The embedding model that these credentials give: OpenAI's with a key or base URL, else the local one. Like the chat models it does not retry by itself. */
export async function makeEmbeddings(credentials: Credentials): Promise<{
  readonly spec: (typeof embeddingModels)[keyof typeof embeddingModels];
  readonly embeddings: Embeddings;
}> {
  if (!hasOpenAi(credentials)) {
    const { LocalHashingEmbeddings } = await import('./local-embeddings.js');
    return { spec: embeddingModels.local, embeddings: new LocalHashingEmbeddings() };
  }
  const { OpenAIEmbeddings } = await import('@langchain/openai');
  const spec = embeddingModels.openai;
  const access = openAiAccess({ openaiBaseUrl: credentials.openaiBaseUrl, key: credentials.openaiApiKeys[0] });
  // Left to itself OpenAI's client asks for base64, and misreads the plain numbers of a compatible server that ignores that.
  const parameters = { model: spec.id, dimensions: spec.dimensions, encodingFormat: 'float', maxRetries: 0 } as const;
  return { spec, embeddings: new OpenAIEmbeddings({ ...parameters, ...access }) };
}

function hasOpenAi({ openaiApiKeys, openaiBaseUrl }: Credentials): boolean {
  return openaiApiKeys.length > 0 || openaiBaseUrl !== undefined;
}

function openAiAccess({
  key,
  openaiBaseUrl,
}: Pick<Credentials, 'openaiBaseUrl'> & { readonly key: string | undefined }) {
  return {
    // A compatible server may need no key, but the client refuses to start without one.
    apiKey: key ?? 'none',
    ...(openaiBaseUrl === undefined ? {} : { configuration: { baseURL: openaiBaseUrl } }),
  };
}
