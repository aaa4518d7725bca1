import { Readable } from 'node:stream';
import {
  type Citation,
  type Completion,
  type CompletionPart,
  type Invocation,
  orchestratorApi,
} from '../../../contract/index.js';
import type { Caller } from '../../runtime/caller.js';
import { errors, ServiceError } from '../../runtime/errors.js';
import type { Parts, ServiceClient } from '../../runtime/service-client.js';
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
export async function openStream(client: ServiceClient, answer: StreamedAnswer): Promise<Readable> {
  const parts = await client.stream(orchestratorApi.stream, { body: answer.invocation }, answer.caller);
  const events = new ChunkEvents(answer, parts);
  await new Promise((resolve, reject) => parts.once('data', resolve).once('end', resolve).once('error', reject));
  return events;
}

/** A completion's parts as OpenAI's chunks, an event each. What it does for a word is no more than that: no promise, no iterator. */
class ChunkEvents extends Readable {
  readonly #beforeText: string;
  readonly #afterText: string;

  constructor(
    private readonly answer: StreamedAnswer,
    private readonly parts: Parts<CompletionPart>,
  ) {
    super({ objectMode: true });
    const text = '"…"';
    const whole = this.#chunk(answer.model, [choice({ content: '…' })]);
    this.#beforeText = whole.slice(0, whole.lastIndexOf(text));
    this.#afterText = whole.slice(whole.lastIndexOf(text) + text.length);
    this.push(this.#chunk(answer.model, [choice({ role: 'assistant', content: '' })]));
    parts
      .on('data', (part: CompletionPart) => this.#take(part))
      .once('end', () => this.#end('data: [DONE]\n\n'))
      .once('error', (error) => this.#breakOff(error));
  }

  override _read(): void {
    this.parts.resume();
  }

  /** Nobody reads on: the client has gone. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.parts.destroy();
    done(error);
  }

  #take(part: CompletionPart): void {
    if ('completion' in part) this.#complete(part.completion);
    else if (!this.push(this.#beforeText + JSON.stringify(part.delta) + this.#afterText)) this.parts.pause();
  }

  #end(last: string): void {
    this.push(last);
    this.push(null);
  }

  #breakOff(error: Error): void {
    if (this.answer.caller.signal.aborted) this.destroy();
    else this.#end(event(toldInStream(error).body));
  }

  #complete(completion: Completion): void {
    const { answer } = this;
    answer.onEnd(completion);
    const { model } = completion;
    const calls = completion.tool_calls.map((call, index) => ({ index, ...toOpenAiCall(call) }));
    if (calls.length > 0) this.push(this.#chunk(model, [choice({ tool_calls: calls })]));
    this.push(this.#chunk(model, [choice({}, completion.finish_reason)], { armature: provenance(completion, answer) }));
    if (answer.includeUsage) this.push(this.#chunk(model, [], { usage: toOpenAiUsage(completion) }));
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
