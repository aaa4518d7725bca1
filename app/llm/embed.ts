import { requestBudget, type Usage } from '../../contract/index.js';
import { MeteredCall, type Metering } from '../ledger/metered-call.js';
import type { Breakers } from '../resilience/breakers.js';
import { callWithResilience } from '../resilience/pipeline.js';
import type { Identity } from '../runtime/identity.js';
import { systemTimers, type Timers } from '../runtime/timers.js';
import { meteredFetch } from './metered-fetch.js';
import type { ModelPool } from './model-pool.js';
import { asProviderFault } from './provider-fault.js';
import { type Credentials, type EmbeddingSpec, makeEmbeddings } from './providers.js';
import { loadTokenCounter } from './tokens.js';

export interface EmbedDeps {
  readonly spec: EmbeddingSpec;
  readonly credentials: Credentials;
  readonly pool: ModelPool;
  readonly breakers: Breakers;
  readonly metering: Metering;
  readonly random: () => number;
  /** @default the process's own */
  readonly timers?: Timers | undefined;
}

/** For whom and for what texts are embedded. */
export interface EmbeddingOrder {
  readonly owner: Identity;
  readonly feature: string;
  /** Trace that the calls belong to. @default their own */
  readonly traceparent?: string | undefined;
  readonly signal: AbortSignal;
}

export interface Embedded {
  readonly vectors: number[][];
  readonly usage: Usage;
}

/** Embeds texts, in their order, through the pipeline, and books each call. */
export async function embed(deps: EmbedDeps, texts: readonly string[], order: EmbeddingOrder): Promise<Embedded> {
  const { spec, credentials, pool, breakers, metering, random, timers = systemTimers } = deps;
  const counter = await loadTokenCounter(spec.id);
  const countInput = async () => texts.reduce((sum, text) => sum + counter.count(text), 0);
  const { value } = await callWithResilience({
    candidates: [{ key: spec.id }],
    admit: () => metering.budgets.admit(order.owner),
    call: (_, guard) =>
      pool.withKey(spec, (way, key) =>
        guard(way, async (signal) => {
          const call = new MeteredCall(metering, {
            ...order,
            kind: 'embedding',
            provider: spec.provider,
            model: spec.id,
            costMicroUsd: ({ inputTokens }) => Math.ceil((inputTokens * spec.microUsdPer1kTokens) / 1000),
            countInput,
            countOutput: async () => 0,
          });
          const fetchWithin: typeof fetch = (input, init) => {
            const signals = init?.signal ? [signal, init.signal] : [signal];
            return meteredFetch(call)(input, { ...init, signal: AbortSignal.any(signals) });
          };
          const embeddings = await makeEmbeddings(spec, { ...credentials, key, fetch: fetchWithin });
          const vectors = await embeddings.embedDocuments([...texts]).catch((error: unknown) => {
            throw asProviderFault(spec.provider, error, signal);
          });
          const counted =
            spec.provider === 'local' ? { input_tokens: await countInput(), output_tokens: 0 } : undefined;
          return { vectors, usage: await call.answered(counted, '') };
        }),
      ),
    breakers,
    signal: order.signal,
    timeoutMs: requestBudget.modelCallMs,
    clock: metering.clock,
    random,
    timers,
  });
  return value;
}
