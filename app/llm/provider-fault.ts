import type { ModelProvider } from '../../contract/index.js';
import { failureOf } from '../resilience/failure.js';

/** A provider sent what is no answer: not JSON, or JSON of another kind. */
class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
  /** As a gateway says it, so that the pipeline takes it for the provider's fault. */
  readonly status = 502;
}

/** What is no answer at all is held against the provider and tried again, whatever the client library made of it. */
export function asProviderFault(provider: ModelProvider, error: unknown, signal: AbortSignal): unknown {
  const { kind, message } = failureOf(error, 0);
  if (provider === 'local' || signal.aborted || kind !== 'unknown') return error;
  return new UnreadableAnswer(`The provider's answer cannot be read: ${message}`, { cause: error });
}
