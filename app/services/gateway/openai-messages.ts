import type { AnswerParameters, ChatMessage, Completion, Invocation, ToolCall } from '../../../contract/index.js';
import { errors } from '../../runtime/errors.js';
import { refuseUnstorable } from '../../runtime/storable-json.js';
import type { ChatCompletionRequest } from './openai-schemas.js';

/** OpenAI's request in the platform's words. @throws 400 for tools that do not fit together */
export function toInvocation(request: ChatCompletionRequest): Invocation {
  const tools = (request.tools ?? []).map(({ function: { name, description = '', parameters } }) => ({
    name,
    description,
    parameters: parameters ?? { type: 'object', properties: {} },
  }));
  return {
    messages: request.messages.map(toMessage),
    model: request.model,
    priority: request.priority ?? 'balanced',
    feature: 'openai-api',
    tools,
    ...parametersOf(request, tools),
  };
}

/** `null` is OpenAI's way of leaving a parameter out. What is given has been looked at by the request's own schema. */
function parametersOf(request: ChatCompletionRequest, tools: readonly { name: string }[]): AnswerParameters {
  const { stop, response_format: format } = request;
  return {
    max_tokens: maxTokensOf(request),
    temperature: request.temperature ?? undefined,
    top_p: request.top_p ?? undefined,
    frequency_penalty: request.frequency_penalty ?? undefined,
    presence_penalty: request.presence_penalty ?? undefined,
    seed: request.seed ?? undefined,
    stop: stop == null || stop.length === 0 ? undefined : [stop].flat(),
    response_format: format == null || format.type === 'text' ? undefined : format,
    tool_choice: toolChoiceOf(request.tool_choice ?? undefined, tools),
    // It says nothing where there is nothing to call.
    parallel_tool_calls: tools.length === 0 ? undefined : (request.parallel_tool_calls ?? undefined),
  };
}

function toolChoiceOf(
  choice: ChatCompletionRequest['tool_choice'] | undefined,
  tools: readonly { name: string }[],
): AnswerParameters['tool_choice'] {
  if (choice == null || choice === 'none') return choice ?? undefined;
  if (tools.length === 0) throw errors.invalid('tool_choice', 'is for requests with tools, and this one has none');
  if (typeof choice === 'string') return choice;
  const { name } = choice.function;
  if (tools.some((tool) => tool.name === name)) return { name };
  throw errors.invalid('tool_choice', `names "${name}", which is not among the tools`);
}

/** The longest answer that is wanted, where the request says. */
export function maxTokensOf(request: ChatCompletionRequest): number | undefined {
  return request.max_completion_tokens ?? request.max_tokens ?? undefined;
}

/** All text that a model reads: messages, tool calls and tools. */
export function textsOf({ messages, tools }: ChatCompletionRequest): string[] {
  const texts = tools ? [JSON.stringify(tools)] : [];
  for (const message of messages) {
    texts.push(message.content ?? '');
    if (message.role === 'assistant') for (const call of message.tool_calls ?? []) texts.push(call.function.arguments);
  }
  return texts;
}

function toMessage(message: ChatCompletionRequest['messages'][number], index: number): ChatMessage {
  switch (message.role) {
    case 'developer':
      return { ...message, role: 'system' };
    case 'assistant': {
      const { tool_calls: calls, content, ...rest } = message;
      return {
        ...rest,
        content: content ?? '',
        ...(calls ? { tool_calls: calls.map((call) => toToolCall(call, index)) } : {}),
      };
    }
    case 'system':
      return { ...message, role: 'system' };
    default:
      return message;
  }
}

type WireCall = { readonly id: string; readonly function: { readonly name: string; readonly arguments: string } };

function toToolCall({ id, function: { name, arguments: text } }: WireCall, index: number): ToolCall {
  const input = parseArguments(text, () =>
    errors.invalid(`messages.${index}.tool_calls`, `holds arguments of ${name} that are not JSON`),
  );
  refuseUnstorable(text, input);
  return { id, name, arguments: input };
}

function parseArguments(text: string, problem: () => Error): Record<string, unknown> {
  try {
    return JSON.parse(text || '{}');
  } catch {
    throw problem();
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

export function toOpenAiUsage({ usage }: Pick<Completion, 'usage'>) {
  return {
    prompt_tokens: usage.input_tokens,
    completion_tokens: usage.output_tokens,
    total_tokens: usage.input_tokens + usage.output_tokens,
  };
}
