import type { ChatMessage, Completion, Invocation, ToolCall } from '../../../contract/index.js';
import { errors } from '../../runtime/errors.js';
import type { ChatCompletionRequest } from './openai-schemas.js';

/** OpenAI's request in the platform's words. */
export function toInvocation(request: ChatCompletionRequest): Invocation {
  const maxTokens = maxTokensOf(request);
  return {
    messages: request.messages.map(toMessage),
    model: request.model,
    priority: request.priority ?? 'balanced',
    tools: (request.tools ?? []).map(({ function: { name, description = '', parameters = { type: 'object' } } }) => ({
      name,
      description,
      parameters,
    })),
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    ...(request.temperature == null ? {} : { temperature: request.temperature }),
  };
}

/** The longest answer that is wanted, where the request says. */
export function maxTokensOf(request: ChatCompletionRequest): number | undefined {
  return request.max_completion_tokens ?? request.max_tokens ?? undefined;
}

/** All text that a model reads: messages, tool calls and tools. */
export function textsOf({ messages, tools }: ChatCompletionRequest): string[] {
  const said = messages.flatMap((message) => [
    message.content ?? '',
    ...('tool_calls' in message ? (message.tool_calls ?? []).map((call) => call.function.arguments) : []),
  ]);
  return [...said, ...(tools ? [JSON.stringify(tools)] : [])];
}

function toMessage(message: ChatCompletionRequest['messages'][number], index: number): ChatMessage {
  switch (message.role) {
    case 'developer':
    case 'system':
      return { role: 'system', content: message.content };
    case 'assistant':
      return {
        role: 'assistant',
        content: message.content ?? '',
        ...(message.tool_calls === undefined
          ? {}
          : { tool_calls: message.tool_calls.map((call) => toToolCall(call, index)) }),
      };
    default:
      return message;
  }
}

type WireCall = { readonly id: string; readonly function: { readonly name: string; readonly arguments: string } };

function toToolCall({ id, function: { name, arguments: text } }: WireCall, index: number): ToolCall {
  try {
    return { id, name, arguments: JSON.parse(text || '{}') as Record<string, unknown> };
  } catch {
    throw errors.invalid(`messages.${index}.tool_calls`, `holds arguments of ${name} that are not JSON`);
  }
}

/** The assistant's message in OpenAI's words. */
export function toOpenAiMessage({ content, tool_calls: calls }: Pick<Completion, 'content' | 'tool_calls'>) {
  return {
    role: 'assistant' as const,
    content: content === '' && calls.length > 0 ? null : content,
    refusal: null,
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(toOpenAiCall) }),
  };
}

export function toOpenAiCall({ id, name, arguments: input }: ToolCall) {
  return { id, type: 'function' as const, function: { name, arguments: JSON.stringify(input) } };
}

export function finishReason({ tool_calls: calls }: Pick<Completion, 'tool_calls'>): 'stop' | 'tool_calls' {
  return calls.length === 0 ? 'stop' : 'tool_calls';
}

export function toOpenAiUsage({ usage }: Pick<Completion, 'usage'>) {
  return {
    prompt_tokens: usage.input_tokens,
    completion_tokens: usage.output_tokens,
    total_tokens: usage.input_tokens + usage.output_tokens,
  };
}
