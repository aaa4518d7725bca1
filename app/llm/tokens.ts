import type { BaseMessage } from '@langchain/core/messages';
import type { TiktokenModel } from 'js-tiktoken/lite';
import type { ChatMessage } from '../../contract/index.js';
import { BytePairEncoding } from './byte-pair-encoding.js';
import { textOf } from './wire-messages.js';

/** Counts tokens as a model does. */
export interface TokenCounter {
  /** Tokens of a text by itself. */
  count(text: string): number;
  /** Tokens of a prompt: contents, tool calls and the overhead of each message. */
  countMessages(messages: readonly BaseMessage[]): number;
}

/**
 * OpenAI wraps every message in 3 tokens and primes the reply with 3
 * (OpenAI cookbook, "How to count tokens with tiktoken", section 6).
 */
const TOKENS_PER_MESSAGE = 3;
const TOKENS_OF_REPLY_PRIMING = 3;

/** One for each vocabulary, which is read on first use (1 to 2 MB of text), then kept. */
const counters = new Map<VocabularyName, Promise<TokenCounter>>();
/** Of the models that were asked for: an import costs more than to count a prompt, also of what is loaded. */
const counterOfModel = new Map<string, Promise<TokenCounter>>();

/**
 * Loads the counter of a model.
 *
 * OpenAI's models are counted by their own vocabulary. A model that js-tiktoken does not know (Claude's vocabulary is not
 * public) is counted with cl100k, as an estimate: use the provider's usage figures wherever there are some. Models of one
 * vocabulary have one counter.
 */
export function loadTokenCounter(modelId: string): Promise<TokenCounter> {
  return keep(counterOfModel, modelId, async () => {
    const name = await vocabularyOf(modelId);
    return keep(counters, name, async () => counterOf(new BytePairEncoding((await importVocabulary(name)).default)));
  });
}

/** What no vocabulary makes more tokens of: each stands for a byte at least. Of calls of tools nothing is said but that they are finite. */
export function mostTokensOf(messages: readonly ChatMessage[]): number {
  return messages.reduce(
    (sum, message) =>
      'tool_calls' in message
        ? Number.POSITIVE_INFINITY
        : sum + TOKENS_PER_MESSAGE + Buffer.byteLength(message.content),
    TOKENS_OF_REPLY_PRIMING,
  );
}

function keep<K>(
  kept: Map<K, Promise<TokenCounter>>,
  key: K,
  load: () => Promise<TokenCounter>,
): Promise<TokenCounter> {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const loading = load();
  kept.set(key, loading);
  // The next one tries again.
  loading.catch(() => kept.delete(key));
  return loading;
}

function counterOf(encoding: BytePairEncoding): TokenCounter {
  return {
    count: (text) => encoding.count(text),
    countMessages: (messages) =>
      messages.reduce((sum, message) => sum + TOKENS_PER_MESSAGE + encoding.count(textOfMessage(message)), 0) +
      TOKENS_OF_REPLY_PRIMING,
  };
}

type VocabularyName = 'cl100k_base' | 'o200k_base';

async function vocabularyOf(modelId: string): Promise<VocabularyName> {
  const { getEncodingNameForModel } = await import('js-tiktoken/lite');
  try {
    return getEncodingNameForModel(modelId as TiktokenModel) === 'o200k_base' ? 'o200k_base' : 'cl100k_base';
  } catch (error) {
    if (error instanceof Error && error.message === 'Unknown model') return 'cl100k_base';
    throw error;
  }
}

function importVocabulary(name: VocabularyName) {
  return name === 'o200k_base' ? import('js-tiktoken/ranks/o200k_base') : import('js-tiktoken/ranks/cl100k_base');
}

function textOfMessage(message: BaseMessage): string {
  const calls = 'tool_calls' in message && Array.isArray(message.tool_calls) ? message.tool_calls : [];
  return calls.length === 0 ? textOf(message) : `${textOf(message)}${JSON.stringify(calls)}`;
}
