import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { AnswerParameters, ModelProvider, ModelSpec } from '../../contract/index.js';
import { callWithKey } from '../resilience/call-with-key.js';
import { KeyRing } from '../resilience/key-ring.js';
import type { Clock } from '../runtime/clock.js';
import { type Credentials, makeChatModel } from './providers.js';

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
    const ring = this.#rings[spec.provider];
    const withKey = async (key: string | undefined) =>
      use(await makeChatModel(spec, { ...this.credentials, key }, parameters));
    return ring === undefined ? withKey(undefined) : callWithKey(ring, this.clock, withKey);
  }
}
