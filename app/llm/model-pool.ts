import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { ModelProvider, ModelSpec } from '../../contract/index.js';
import { callWithKey } from '../resilience/call-with-key.js';
import { KeyRing } from '../resilience/key-ring.js';
import type { Clock } from '../runtime/clock.js';
import { type CallParameters, type Credentials, makeChatModel } from './providers.js';

/**
 * One call with one key.
 * @param way names model and key, not telling the key
 */
export type CallOnce<T, Access> = (way: string, access: Access) => Promise<T>;

/** The providers' keys, taken in turn. */
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
  call<T>(spec: ModelSpec, once: CallOnce<T, (parameters: CallParameters) => Promise<BaseChatModel>>): Promise<T> {
    return this.withKey(spec, (way, key) =>
      once(way, (parameters) => makeChatModel(spec, { ...this.credentials, key }, parameters)),
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
