import type { Readable } from 'node:stream';
import {
  type Citation,
  type Completion,
  type CompletionPart,
  type Invocation,
  orchestratorApi,
} from '../../../contract/index.js';
import type { StreamForm } from '../../runtime/answer-lines.js';
import type { Caller } from '../../runtime/caller.js';
import { errors, ServiceError } from '../../runtime/errors.js';
import type { ServiceClient } from '../../runtime/service-client.js';
import { toOpenAiCall, toOpenAiUsage } from './openai-messages.js';

/** What was retrieved, where that was asked for, and the level that had it: `unavailable` when retrieval was away. */
export interface Sources {
  readonly citations: readonly Citation[];
  readonly retrieval?: string;
}

/** What an answer begins with. */
export interface AnswerHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
}

/** A model's answer as it comes, and who is told what it has used. */
export interface StreamedAnswer extends Sources {
  readonly invocation: Invocation;
  readonly caller: Caller;
  readonly head: AnswerHead;
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
export function openStream(client: ServiceClient, answer: StreamedAnswer): Promise<Readable> {
  const { invocation, caller } = answer;
  return client.stream(orchestratorApi.stream, { body: invocation }, caller, new ChunkEvents(answer));
}

/** A completion's parts as OpenAI's chunks, an event each; the first part's event comes after one that says whose text it is. */
class ChunkEvents implements StreamForm<CompletionPart, string> {
  readonly #beforeText: string;
  readonly #afterText: string;
  #opening: string;

  constructor(private readonly answer: StreamedAnswer) {
    const text = '"…"';
    const whole = this.#chunk(answer.model, [choice({ content: '…' })]);
    this.#beforeText = whole.slice(0, whole.lastIndexOf(text));
    this.#afterText = whole.slice(whole.lastIndexOf(text) + text.length);
    this.#opening = this.#chunk(answer.model, [choice({ role: 'assistant', content: '' })]);
  }

  of(part: CompletionPart): string {
    if ('completion' in part) return this.#open() + this.#complete(part.completion);
    return this.#open() + this.#beforeText + JSON.stringify(part.delta) + this.#afterText;
  }

  end(): string {
    return `${this.#open()}data: [DONE]\n\n`;
  }

  broken(error: Error): string {
    return event(toldInStream(error).body);
  }

  #open(): string {
    const opening = this.#opening;
    this.#opening = '';
    return opening;
  }

  #complete(completion: Completion): string {
    const { answer } = this;
    answer.onEnd(completion);
    const { model } = completion;
    const calls = completion.tool_calls.map((call, index) => ({ index, ...toOpenAiCall(call) }));
    return [
      calls.length > 0 ? this.#chunk(model, [choice({ tool_calls: calls })]) : '',
      this.#chunk(model, [choice({}, completion.finish_reason)], { armature: provenance(completion, answer) }),
      answer.includeUsage ? this.#chunk(model, [], { usage: toOpenAiUsage(completion) }) : '',
    ].join('');
  }

  #chunk(model: string, choices: readonly unknown[], rest: object = {}): string {
    const { head, includeUsage } = this.answer;
    return event({
      ...head,
      object: 'chat.completion.chunk',
      model,
      choices,
      ...rest,
      ...(includeUsage && !('usage' in rest) ? { usage: null } : {}),
    });
  }
}

function choice(delta: object, reason: string | null = null) {
  return { index: 0, delta, logprobs: null, finish_reason: reason };
}

function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function toldInStream(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return errors.upstream(orchestratorApi.stream.service.name, 'its stream broke off');
}
