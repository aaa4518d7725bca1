import { type Citation, type Completion, type Invocation, orchestratorApi } from '../../../contract/index.js';
import type { Caller } from '../../runtime/caller.js';
import { errors, ServiceError } from '../../runtime/errors.js';
import type { ServiceClient } from '../../runtime/service-client.js';
import { toOpenAiCall, toOpenAiUsage } from './openai-messages.js';

/** What was retrieved, where that was asked for, and the level that had it: `unavailable` when retrieval was away. */
export interface Sources {
  readonly citations: readonly Citation[];
  readonly retrieval?: string;
}

/** A model's answer as it comes, and who is told what it has used. */
export interface StreamedAnswer extends Sources {
  readonly invocation: Invocation;
  readonly caller: Caller;
  readonly head: { readonly id: string; readonly created: number };
  /** The model's name until it is known which one answers. */
  readonly model: string;
  readonly includeUsage: boolean;
  readonly onEnd: (completion: Completion) => void;
}

/** Extension beside an answer: how it came about. */
export function provenance({ decision, cache, cost_usd }: Completion, { citations, retrieval }: Sources) {
  return { decision, cache, cost_usd, citations: [...citations], ...(retrieval === undefined ? {} : { retrieval }) };
}

/**
 * Asks for an answer part by part and gives it as server-sent events. It resolves with the first part: an error before it is a
 * status. One after it is an event, by which OpenAI's clients know that the answer is not whole.
 */
export async function openStream(client: ServiceClient, answer: StreamedAnswer): Promise<AsyncIterable<string>> {
  const events = chunks(client, answer);
  // The first event says who speaks; the next is the model's.
  const first = [await events.next(), await events.next()];
  return (async function* () {
    try {
      for (const { value, done } of first) if (done !== true) yield value;
      yield* events;
    } catch (error) {
      if (answer.caller.signal.aborted) throw error;
      yield event(toldInStream(error).body);
    } finally {
      await events.return(undefined);
    }
  })();
}

async function* chunks(client: ServiceClient, answer: StreamedAnswer): AsyncGenerator<string, undefined> {
  const { invocation, caller, head, model, includeUsage } = answer;
  const chunk = (by: string, choices: readonly unknown[], rest: object = {}) =>
    event({
      ...head,
      object: 'chat.completion.chunk',
      model: by,
      choices,
      ...rest,
      ...(includeUsage && !('usage' in rest) ? { usage: null } : {}),
    });
  const choice = (delta: object, reason: string | null = null) => ({
    index: 0,
    delta,
    logprobs: null,
    finish_reason: reason,
  });

  yield chunk(model, [choice({ role: 'assistant', content: '' })]);
  for await (const part of client.stream(orchestratorApi.stream, { body: invocation }, caller)) {
    if ('delta' in part) {
      yield chunk(model, [choice({ content: part.delta })]);
      continue;
    }
    const { completion } = part;
    answer.onEnd(completion);
    const calls = completion.tool_calls.map((call, index) => ({ index, ...toOpenAiCall(call) }));
    if (calls.length > 0) yield chunk(completion.model, [choice({ tool_calls: calls })]);
    yield chunk(completion.model, [choice({}, completion.finish_reason)], {
      armature: provenance(completion, answer),
    });
    if (includeUsage) yield chunk(completion.model, [], { usage: toOpenAiUsage(completion) });
  }
  yield 'data: [DONE]\n\n';
}

function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function toldInStream(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return errors.upstream(orchestratorApi.stream.service.name, 'its stream broke off');
}
