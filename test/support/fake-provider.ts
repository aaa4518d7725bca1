import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { InvoiceLine } from '../../app/ledger/reconcile.js';
import { PROVIDER_CALL_ID_HEADER } from '../../contract/index.js';

/**
 * What the provider does with a call.
 *
 * `hang`, `reset`, `garbage` and `half` (an answer that stops in the middle) are charged for, as a real one charges for what it has computed;
 * so is `no-usage`, a whole answer that does not say so. `hang-free` and the error statuses are not.
 */
export const FAULTS = [
  'rate-limited',
  'server-error',
  'hang',
  'hang-free',
  'reset',
  'half',
  'cut',
  'garbage',
  'slow',
  'no-usage',
] as const;
export type Behaviour = 'ok' | (typeof FAULTS)[number];

export interface ReceivedCall {
  readonly id: string;
  readonly model: string;
  readonly stream: boolean;
  readonly key: string;
}

interface Amounts {
  readonly input: number;
  readonly output: number;
}

/** Prices are the caller's affair: `costOf` makes an invoice of tokens. */
export interface FakeProviderProps {
  behave(call: ReceivedCall): Behaviour;
  costOf(model: string, amounts: Amounts): number;
  /** Words of an answer. @default 12 */
  readonly words?: number;
  /** Length of the vectors. @default 1536 */
  readonly dimensions?: number;
  /** Of a `slow` call. @default 15 */
  readonly slowMs?: number;
  /** Between the words of a stream. @default nearly none */
  readonly wordMs?: number;
  /** Address that it listens at. @default loopback */
  readonly host?: string;
}

const BROKEN = '{"id":"x","choices":[{"index":0,"mess';

/** A server that speaks OpenAI's API, does what it is told to, and writes an invoice of every call that it charges for. */
export class FakeProvider {
  readonly calls: ReceivedCall[] = [];
  readonly #invoice = new Map<string, InvoiceLine>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  private constructor(private readonly props: FakeProviderProps) {}

  static async start(props: FakeProviderProps): Promise<FakeProvider> {
    const provider = new FakeProvider(props);
    provider.#server.keepAliveTimeout = 60_000;
    await once(provider.#server.listen(0, props.host ?? '127.0.0.1'), 'listening');
    return provider;
  }

  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return `http://${address}:${port}`;
  }

  get invoice(): readonly InvoiceLine[] {
    return [...this.#invoice.values()];
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    try {
      for await (const part of request) text += part;
    } catch {
      return; // its client went away before it had asked
    }
    const body = JSON.parse(text);
    const call: ReceivedCall = {
      id: String(request.headers[PROVIDER_CALL_ID_HEADER]),
      model: body.model,
      stream: body.stream === true,
      key: request.headers.authorization?.slice('Bearer '.length) ?? '',
    };
    this.calls.push(call);
    const behaviour = this.props.behave(call);
    if (behaviour === 'rate-limited')
      return send(response, 429, { error: { message: 'slow down' } }, { 'retry-after-ms': '3' });
    if (behaviour === 'server-error') return send(response, 500, { error: { message: 'broken' } });
    if (behaviour === 'hang-free') return;
    if (behaviour === 'slow') await pause(this.props.slowMs ?? 15);
    // Not a tokenizer's counts, so that who books its own shows.
    const input = 7 + (text.length % 90);
    if (request.url === '/embeddings') return this.#embed(call, behaviour, [body.input].flat().length, input, response);
    const words = answerWords(this.props.words ?? 12, body.max_tokens ?? body.max_completion_tokens);
    if (call.stream) return this.#stream(call, behaviour, words, input, response);
    const amounts = { input, output: 3 + words.length };
    this.#charge(call, amounts);
    const message = { role: 'assistant', content: words.join('') };
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    const usage = behaviour === 'no-usage' ? {} : { usage: usageOf(amounts) };
    this.#answer(behaviour, response, { id: 'fake', object: 'chat.completion', model: call.model, choices, ...usage });
  }

  async #stream(
    call: ReceivedCall,
    behaviour: Behaviour,
    words: readonly string[],
    input: number,
    response: ServerResponse,
  ): Promise<void> {
    if (behaviour === 'hang' || behaviour === 'reset' || behaviour === 'garbage') {
      this.#charge(call, { input, output: 3 });
      if (behaviour === 'reset') response.destroy();
      if (behaviour === 'garbage') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(`data: ${BROKEN}\n\n`);
      }
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const head = { id: 'fake', object: 'chat.completion.chunk', model: call.model };
    const write = (chunk: object) => response.write(`data: ${JSON.stringify({ ...head, ...chunk })}\n\n`);
    const delta = (content: string, finish_reason: string | null = null) =>
      write({ choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason }] });
    const upTo = behaviour === 'half' || behaviour === 'cut' ? Math.ceil(words.length / 2) : words.length;
    for (const [i, word] of words.slice(0, upTo).entries()) {
      if (response.destroyed) return this.#charge(call, { input, output: 3 + i });
      delta(word);
      // Now and then, so that a reader can go away in between.
      if (this.props.wordMs !== undefined) await pause(this.props.wordMs);
      else if (i % 4 === 3) await pause(1);
    }
    this.#charge(call, { input, output: 3 + upTo });
    if (behaviour === 'half') return void response.destroy();
    if (behaviour === 'cut') return void response.end();
    delta('', 'stop');
    if (behaviour !== 'no-usage') write({ choices: [], usage: usageOf({ input, output: 3 + upTo }) });
    response.end('data: [DONE]\n\n');
  }

  #embed(call: ReceivedCall, behaviour: Behaviour, count: number, input: number, response: ServerResponse): void {
    const embedding = Array.from({ length: this.props.dimensions ?? 1536 }, (_, i) => (i === 0 ? 1 : 0));
    const data = Array.from({ length: count }, (_, index) => ({ object: 'embedding', index, embedding }));
    this.#charge(call, { input, output: 0 });
    const usage = behaviour === 'no-usage' ? {} : { usage: { prompt_tokens: input, total_tokens: input } };
    this.#answer(behaviour, response, { object: 'list', model: call.model, data, ...usage });
  }

  /** A whole answer, as far as the fault lets it. */
  #answer(behaviour: Behaviour, response: ServerResponse, body: object): void {
    if (behaviour === 'hang') return;
    if (behaviour === 'reset') return void response.destroy();
    if (behaviour === 'garbage') return void response.writeHead(200, JSON_TYPE).end(BROKEN);
    if (behaviour !== 'half' && behaviour !== 'cut') {
      send(response, 200, body);
      return;
    }
    const text = JSON.stringify(body);
    const half = text.slice(0, Math.ceil(text.length / 2));
    if (behaviour === 'cut') return void response.writeHead(200, JSON_TYPE).end(half);
    response.writeHead(200, { ...JSON_TYPE, 'content-length': text.length });
    response.write(half, () => response.destroy());
  }

  #charge({ id, model }: ReceivedCall, { input, output }: Amounts): void {
    if (this.#invoice.has(id)) throw new Error(`Call ${id} is charged twice: two calls have one id.`);
    const costMicroUsd = this.props.costOf(model, { input, output });
    this.#invoice.set(id, { id, inputTokens: input, outputTokens: output, costMicroUsd });
  }
}

const JSON_TYPE = { 'content-type': 'application/json' } as const;

function answerWords(words: number, maxTokens: number | undefined): string[] {
  const length = Math.min(words, maxTokens ?? words);
  return Array.from({ length }, (_, i) => `${i === 0 ? '' : ' '}word${i}`);
}

function usageOf({ input, output }: Amounts) {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body));
}
