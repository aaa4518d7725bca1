import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What a model says: a text, or calls of tools; or how it fails. */
export interface ProviderAnswer {
  readonly content?: string;
  readonly calls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  /** @default 'stop', or 'tool_calls' */
  readonly finishReason?: string;
  /** A streamed answer breaks off after its first piece. @default false */
  readonly breaksOff?: boolean;
}

const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

/** A server on loopback that speaks OpenAI's chat API, says what it is told to, and remembers what it was asked. */
export class OpenAiProvider {
  readonly asked: Record<string, unknown>[] = [];
  answer: ProviderAnswer = { content: 'Hello from afar.' };
  readonly #server = createServer(async (request, response) => {
    const body = (await json(request)) as Record<string, unknown>;
    this.asked.push(body);
    const { content = null, calls, breaksOff = false } = this.answer;
    const toolCalls = calls?.map(({ id, ...called }, index) => ({ index, id, type: 'function', function: called }));
    const reason = this.answer.finishReason ?? (calls ? 'tool_calls' : 'stop');
    const head = { id: 'answer', created: 0, model: body.model };
    if (body.stream !== true) {
      const message = { role: 'assistant', content, ...(toolCalls && { tool_calls: toolCalls }) };
      const choices = [{ index: 0, message, finish_reason: reason }];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ...head, object: 'chat.completion', choices, usage: USAGE }));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const write = (choices: object[], rest: object = {}) =>
      response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...rest })}\n\n`);
    for (const piece of (content ?? '').split(/(?<= )/)) {
      write([{ index: 0, delta: { role: 'assistant', content: piece }, finish_reason: null }]);
      if (breaksOff) {
        // What was written is on its way first.
        setImmediate(() => response.destroy());
        return;
      }
    }
    if (toolCalls) write([{ index: 0, delta: { tool_calls: toolCalls }, finish_reason: null }]);
    write([{ index: 0, delta: {}, finish_reason: reason }]);
    write([], { usage: USAGE });
    response.end('data: [DONE]\n\n');
  });

  async start(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
