import type { BaseLanguageModelInput } from '@langchain/core/language_models/base';
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models';
import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  type StandardMessageStructure,
} from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import type { Runnable } from '@langchain/core/runnables';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';
import type { Completion, Invocation, ToolDefinition } from '../../contract/index.js';
import { fromLangChain } from './wire-messages.js';

interface CallOptions extends BaseChatModelCallOptions {
  readonly tools?: readonly ToolDefinition[];
}

/**
 * The platform's own orchestrator as a LangChain chat model: an agent built on it is routed, retried, counted and billed like
 * every other caller, and holds no provider's key.
 */
export class OrchestratorChatModel extends BaseChatModel<CallOptions> {
  constructor(
    private readonly invokeOrchestrator: (request: Pick<Invocation, 'messages' | 'tools'>) => Promise<Completion>,
  ) {
    super({});
  }

  override _llmType(): string {
    return 'armature-orchestrator';
  }

  override bindTools(tools: BindToolsInput[]): Runnable<BaseLanguageModelInput, AIMessageChunk, CallOptions> {
    const definitions = tools.map((tool) => {
      const { name, description = '', parameters } = convertToOpenAITool(tool as never).function;
      return { name, description, parameters: (parameters ?? { type: 'object' }) as Record<string, unknown> };
    });
    return this.withConfig({ tools: definitions });
  }

  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    const {
      content,
      tool_calls: calls,
      usage,
      model,
    } = await this.invokeOrchestrator({
      messages: fromLangChain(messages),
      tools: [...(options.tools ?? [])],
    });
    const message = new AIMessage<StandardMessageStructure>({
      content,
      tool_calls: calls.map(({ id, name, arguments: args }) => ({ id, name, args, type: 'tool_call' })),
      usage_metadata: {
        input_tokens: usage.input_tokens,
        output_tokens: usage.output_tokens,
        total_tokens: usage.input_tokens + usage.output_tokens,
      },
      response_metadata: { model },
    });
    return { generations: [{ text: content, message }] };
  }
}
