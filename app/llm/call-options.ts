import {
  type AnswerParameters,
  type Invocation,
  type ModelProvider,
  PROVIDER_CALL_ID_HEADER,
} from '../../contract/index.js';
import { toLangChainTool } from './wire-messages.js';

/** What a request may set, by the name under which a client knows it. */
export type ParameterName = keyof AnswerParameters;

/**
 * What changes an answer and cannot be said to a provider's models. The local model picks sentences and writes nothing of its own:
 * what varies a model's wording does not touch it, but it can neither write JSON nor be made to call a tool that it has no input for.
 */
const UNKNOWN_TO: Readonly<Record<ModelProvider, readonly ParameterName[]>> = {
  openai: [],
  anthropic: ['frequency_penalty', 'presence_penalty', 'seed', 'response_format', 'parallel_tool_calls'],
  local: ['response_format'],
};

/** The parameters of a request that this provider's models cannot follow. */
export function unsupportedParameters(provider: ModelProvider, request: AnswerParameters): readonly ParameterName[] {
  const unknown = UNKNOWN_TO[provider].filter((name) => request[name] !== undefined);
  return provider === 'local' && mustCall(request) ? [...unknown, 'tool_choice'] : unknown;
}

/**
 * What LangChain takes with a call, in the words that it has for this provider; the model is made with the other parameters.
 * @param callId our id of the call, which the provider is told
 */
export function callOptionsOf(
  provider: ModelProvider,
  request: AnswerParameters & Pick<Invocation, 'tools'>,
  callId: string,
) {
  const { stop, seed, response_format, parallel_tool_calls, tool_choice: choice } = request;
  // A tool that must not be called is better not offered: not every provider knows how to be told.
  const tools = choice === 'none' ? [] : request.tools;
  const headers = { [PROVIDER_CALL_ID_HEADER]: callId };
  return {
    headers,
    // Of a whole answer, ChatOpenAI takes them from here.
    options: { headers },
    ...(tools.length > 0 && { tools: tools.map(toLangChainTool) }),
    ...(stop && { stop }),
    ...(seed !== undefined && { seed }),
    ...(response_format && { response_format }),
    ...(parallel_tool_calls !== undefined && { parallel_tool_calls }),
    ...(choice !== undefined && choice !== 'none' && { tool_choice: toolChoiceOf(provider, choice) }),
  };
}

function toolChoiceOf(provider: ModelProvider, choice: Exclude<AnswerParameters['tool_choice'], undefined>) {
  if (provider !== 'anthropic')
    return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
  if (choice === 'required') return 'any';
  return typeof choice === 'string' ? choice : { type: 'tool', name: choice.name };
}

function mustCall({ tool_choice: choice }: AnswerParameters): boolean {
  return choice === 'required' || typeof choice === 'object';
}
