import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { LRUCache } from 'lru-cache';
import type { ModelProvider, ModelSpec } from '../../contract/index.js';
import { callWithKey } from '../resilience/call-with-key.js';
import { KeyRing } from '../resilience/key-ring.js';
import type { Clock } from '../runtime/clock.js';
import { type Credentials, type ModelParameters, makeChatModel, modelParametersKey } from './providers.js';

/** Requests that set something else need a model of their own, and there is no end to what they may set. */
const KEPT_MODELS = 256;

/**
 * One call with one key.
 * @param way names model and key, not telling the key
 */
export type CallOnce<T, Access> = (way: string, access: Access) => Promise<T>;

/** The providers' keys, taken in turn, and the models that are reached with them. */
export class ModelPool {
  readonly #rings: Partial<Record<ModelProvider, KeyRing>>;
  /** To make one, with its client, takes as long as to call it. */
  readonly #models = new LRUCache<string, BaseChatModel>({ max: KEPT_MODELS });

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
  call<T>(spec: ModelSpec, once: CallOnce<T, (parameters: ModelParameters) => Promise<BaseChatModel>>): Promise<T> {
    return this.withKey(spec, (way, key) =>
      once(way, async (parameters) => {
        const place = `${way} ${modelParametersKey(parameters)}`;
        const kept = this.#models.get(place);
        if (kept !== undefined) return kept;
        const made = await makeChatModel(spec, { ...this.credentials, key }, parameters);
        this.#models.set(place, made);
        return made;
      }),
    );
  }

  /** As {@link call}, for what is not a chat model. A provider without keys is called with none. */
  withKey<T>({ id, provider }: Pick<ModelSpec, 'id' | 'provider'>, once: CallOnce<T, string | undefined>): Promise<T> {
    const ring = this.#rings[provider];
    if (ring === undefined) return once(id, undefined);
    return callWithKey(ring, this.clock, (key) => once(wayTo(id, ring.placeOf(key)), key));
  }

  /** Every way to a model. */
  waysTo({ id, provider }: ModelSpec): readonly string[] {
    const ring = this.#rings[provider];
    return ring === undefined ? [id] : Array.from({ length: ring.size }, (_, i) => wayTo(id, i + 1));
  }
}

function wayTo(model: string, place: number): string {
  return `${model} key ${place}`;
}
