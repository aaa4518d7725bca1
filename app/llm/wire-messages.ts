import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type UsageMetadata,
} from '@langchain/core/messages';
import type { ChatMessage, FinishReason, ToolCall, ToolDefinition, Usage } from '../../contract/index.js';

/** The platform's messages as LangChain's. */
export function toLangChain(messages: readonly ChatMessage[]): BaseMessage[] {
  return messages.map(toBaseMessage);
}

function toBaseMessage(message: ChatMessage): BaseMessage {
  const named = 'name' in message && message.name !== undefined ? { name: message.name } : {};
  switch (message.role) {
    case 'system':
      return new SystemMessage({ content: message.content, ...named });
    case 'user':
      return new HumanMessage({ content: message.content, ...named });
    case 'assistant':
      return new AIMessage({
        content: message.content,
        ...named,
        tool_calls: (message.tool_calls ?? []).map(({ id, name, arguments: args }) => ({
          id,
          name,
          args,
          type: 'tool_call',
        })),
      });
    case 'tool':
      return new ToolMessage({ content: message.content, tool_call_id: message.tool_call_id });
  }
}

/** LangChain's messages as the platform's. @throws for a kind of message that models do not take */
export function fromLangChain(messages: readonly BaseMessage[]): ChatMessage[] {
  return messages.map((message) => {
    const content = textOf(message);
    if (SystemMessage.isInstance(message)) return { role: 'system', content };
    if (HumanMessage.isInstance(message)) return { role: 'user', content };
    if (ToolMessage.isInstance(message)) return { role: 'tool', content, tool_call_id: message.tool_call_id };
    if (AIMessage.isInstance(message)) {
      const calls = toolCallsOf(message);
      return { role: 'assistant', content, ...(calls.length === 0 ? {} : { tool_calls: calls }) };
    }
    throw new Error(`A message of type "${message.type}" cannot be sent to a model.`);
  });
}

/** The text of a message. LangChain takes each apart into blocks to tell it, also where there is nothing but text. */
export function textOf(message: Pick<BaseMessage, 'content' | 'text'>): string {
  return typeof message.content === 'string' ? message.content : message.text;
}

/** The tools that a model's answer asks for. */
export function toolCallsOf({ tool_calls: calls = [] }: AIMessage): ToolCall[] {
  return calls.map(({ id, name, args }, index) => ({ id: id ?? `call_${index}`, name, arguments: args }));
}

/** A tool in the form of OpenAI's `tools`, which every LangChain chat model takes. */
export function toLangChainTool({ name, description, parameters }: ToolDefinition) {
  return { type: 'function' as const, function: { name, description, parameters } };
}

/** What the provider says was used; `undefined` when it says nothing. */
export function usageOf(message: AIMessage): Usage | undefined {
  // LangChain's type of this field comes out as `never` under exactOptionalPropertyTypes.
  const usage = message.usage_metadata as UsageMetadata | undefined;
  if (usage === undefined) return undefined;
  const { input_tokens, output_tokens } = usage;
  // An answer without usage comes out of it with fields that are undefined or, of a stream, not numbers.
  const isTold = [input_tokens, output_tokens].every((count) => Number.isSafeInteger(count) && count >= 0);
  return isTold ? { input_tokens, output_tokens } : undefined;
}

/** Why the answer ended, in OpenAI's words, whatever the provider calls it. */
export function finishReasonOf(message: AIMessage): FinishReason {
  if ((message.tool_calls ?? []).length > 0) return 'tool_calls';
  const { finish_reason: reason, stop_reason: anthropic } = message.response_metadata as Record<string, unknown>;
  const told = String(reason ?? anthropic ?? (message.additional_kwargs.stop_reason as string | undefined) ?? 'stop');
  if (told.startsWith('length') || told.startsWith('max_tokens')) return 'length';
  return told.startsWith('content_filter') || told === 'refusal' ? 'content_filter' : 'stop';
}
