import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import type { BaseLanguageModelInput } from '@langchain/core/language_models/base';
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BaseChatModelParams,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models';
import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  type StandardMessageStructure,
  type UsageMetadata,
} from '@langchain/core/messages';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import type { Runnable } from '@langchain/core/runnables';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';
import { type ExtractiveTurn, takeTurn } from './extractive-turn.js';
import { loadTokenCounter, type TokenCounter } from './tokens.js';
import type { OfferedTool } from './tool-choice.js';

export interface LocalExtractiveParams extends BaseChatModelParams {
  /** Id under which the model stands in the model table. */
  readonly model: string;
  /** Tokens after which the answer is cut. @default no limit */
  readonly maxTokens?: number;
}

export interface LocalExtractiveCallOptions extends BaseChatModelCallOptions {
  readonly tools?: BindToolsInput[];
  /** @default true */
  readonly parallel_tool_calls?: boolean;
}

/** Words that one chunk of a stream carries. */
const WORDS_PER_CHUNK = /(?:\s*\S+){1,4}\s*$|(?:\s*\S+){1,4}/gu;

/**
 * A chat model that needs no network: it answers with sentences of the passages and of the conversation that it is given, and
 * says so when they hold no answer. It writes nothing of its own, and the same messages always get the same answer.
 */
export class LocalExtractiveChatModel extends BaseChatModel<LocalExtractiveCallOptions> {
  readonly model: string;
  readonly maxTokens: number;

  constructor({ model, maxTokens = Infinity, ...params }: LocalExtractiveParams) {
    super(params);
    this.model = model;
    this.maxTokens = maxTokens;
  }

  _llmType(): string {
    return 'local-extractive';
  }

  override bindTools(
    tools: BindToolsInput[],
    kwargs?: Partial<LocalExtractiveCallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, LocalExtractiveCallOptions> {
    return this.withConfig({ ...kwargs, tools });
  }

  async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    const { turn, text, usage, finishReason } = await this.#answer(messages, options);
    const message = new AIMessage<StandardMessageStructure>({
      content: text,
      tool_calls: [...turn.toolCalls],
      usage_metadata: usage,
      response_metadata: { model_name: this.model, finish_reason: finishReason },
    });
    return { generations: [{ text, message }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { turn, text, usage, finishReason } = await this.#answer(messages, options);
    for (const [words] of text.matchAll(WORDS_PER_CHUNK)) {
      options.signal?.throwIfAborted();
      yield new ChatGenerationChunk({ text: words, message: new AIMessageChunk({ content: words }) });
      await runManager?.handleLLMNewToken(words);
    }
    const last = new AIMessageChunk<StandardMessageStructure>({
      content: '',
      tool_call_chunks: turn.toolCalls.map(({ id, name, args }, index) => ({
        ...(id !== undefined && { id }),
        name,
        args: JSON.stringify(args),
        index,
        type: 'tool_call_chunk' as const,
      })),
      usage_metadata: usage,
      response_metadata: { model_name: this.model, finish_reason: finishReason },
    });
    yield new ChatGenerationChunk({ text: '', message: last as AIMessageChunk });
  }

  async #answer(messages: BaseMessage[], options: this['ParsedCallOptions']) {
    options.signal?.throwIfAborted();
    const counter = await loadTokenCounter(this.model);
    options.signal?.throwIfAborted();
    const definitions =
      options.tool_choice === 'none' ? [] : (options.tools ?? []).map((tool) => convertToOpenAITool(tool));
    const chosen = takeTurn(messages, definitions.map(offeredTool));
    const turn =
      options.parallel_tool_calls === false ? { ...chosen, toolCalls: chosen.toolCalls.slice(0, 1) } : chosen;
    const { text, cut } = cutToTokens(cutAtStop(turn.text, options.stop ?? []), this.maxTokens, counter);
    const usage = usageOf(
      counter.countMessages(messages) + (definitions.length > 0 ? counter.count(JSON.stringify(definitions)) : 0),
      counter.count(text) + (turn.toolCalls.length > 0 ? counter.count(JSON.stringify(turn.toolCalls)) : 0),
    );
    return { turn, text, usage, finishReason: finishReasonOf(turn, cut) };
  }
}

function offeredTool({ function: { name, parameters } }: ReturnType<typeof convertToOpenAITool>): OfferedTool {
  return { name, parameters: Object.keys((parameters as { properties?: object } | undefined)?.properties ?? {}) };
}

function finishReasonOf(turn: ExtractiveTurn, cut: boolean): 'tool_calls' | 'length' | 'stop' {
  if (turn.toolCalls.length > 0) return 'tool_calls';
  return cut ? 'length' : 'stop';
}

function usageOf(inputTokens: number, outputTokens: number): UsageMetadata {
  return { input_tokens: inputTokens, output_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}

/** What comes before the first of these texts. */
function cutAtStop(text: string, stop: readonly string[]): string {
  const ends = stop.map((one) => text.indexOf(one)).filter((at) => at >= 0);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
}

/** Keeps the words that fit. Words are counted one by one with the space before them, as vocabularies hold them. */
function cutToTokens(
  text: string,
  maxTokens: number,
  counter: TokenCounter,
): { readonly text: string; readonly cut: boolean } {
  if (counter.count(text) <= maxTokens) return { text, cut: false };
  let left = maxTokens;
  let end = 0;
  for (const { 0: word, index } of text.matchAll(/\s*\S+/gu)) {
    left -= counter.count(word);
    if (left < 0) break;
    end = index + word.length;
  }
  return { text: text.slice(0, end), cut: true };
}
