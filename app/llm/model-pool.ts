import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { AnswerParameters, ModelProvider, ModelSpec } from '../../contract/index.js';
import { callWithKey } from '../resilience/call-with-key.js';
import { KeyRing } from '../resilience/key-ring.js';
import type { Clock } from '../runtime/clock.js';

import { type Credentials, makeChatModel, makeEmbeddings } from './providers.js';

/** Chat models by their place in the model table, with the providers' keys taken in turn. */
export class ModelPool {
  readonly #rings: Partial<Record<ModelProvider, KeyRing>>;

  constructor(
    private readonly credentials: Credentials,
    private readonly clock: Clock,
  ) {
    const ring = (keys: readonly string[]) => (keys.length > 0 ? new KeyRing(keys, clock) : undefined);
    const openai = ring(credentials.openaiApiKeys);
    const anthropic = ring(credentials.anthropicApiKeys);
    this.#rings = { ...(openai && { openai }), ...(anthropic && { anthropic }) };
  }

  /** Calls a model with the provider's next free key; a key that meets a rate limit rests. */
  async call<T>(spec: ModelSpec, parameters: AnswerParameters, use: (model: BaseChatModel) => Promise<T>): Promise<T> {
    return this.#withKey(spec.provider, async (key) =>
      use(await makeChatModel(spec, { ...this.credentials, key }, parameters)),
    );
  }

  /** Embeds texts with the next free key of whoever embeds here. */
  async embed(texts: readonly string[]): Promise<number[][]> {
    // Of the embedding models only OpenAI's takes a key; without one there is no ring to take it from.
    return this.#withKey('openai', async (key) => {
      const openaiApiKeys = key === undefined ? [] : [key];
      const { embeddings } = await makeEmbeddings({ ...this.credentials, openaiApiKeys });
      return embeddings.embedDocuments([...texts]);
    });
  }

  #withKey<T>(provider: ModelProvider, use: (key: string | undefined) => Promise<T>): Promise<T> {
    const ring = this.#rings[provider];
    return ring === undefined ? use(undefined) : callWithKey(ring, this.clock, use);
  }
}
