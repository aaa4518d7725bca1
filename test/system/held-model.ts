import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LocalHashingEmbeddings } from '../../app/llm/local-embeddings.js';
import { embeddingModels } from '../../contract/index.js';

interface Held {
  readonly prompt: string;
  /** Lets the model go on to the end of its answer. */
  release(): void;
}

/** A server that speaks OpenAI's API, whose answers begin at once and end when the test says so. */
export class HeldModel {
  readonly held: Held[] = [];
  /** Chat requests so far. */
  asked = 0;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #embeddings = new LocalHashingEmbeddings();

  static async start(): Promise<HeldModel> {
    const model = new HeldModel();
    await once(model.#server.listen(0, '127.0.0.1'), 'listening');
    return model;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  releaseAll(): void {
    for (const { release } of this.held.splice(0)) release();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const part of request) text += part;
    const body = JSON.parse(text);
    if (request.url === '/embeddings') return this.#embed([body.input].flat(), response);
    this.asked += 1;
    const whole = { id: 'held', created: 0, model: body.model };
    const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
    const released = new Promise<void>((release) => {
      this.held.push({ prompt: JSON.stringify(body.messages), release });
      response.once('close', release);
    });
    if (body.stream !== true) {
      await released;
      const message = { role: 'assistant', content: 'held and released' };
      const choices = [{ index: 0, message, finish_reason: 'stop' }];
      return send(response, { ...whole, object: 'chat.completion', choices, usage });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const write = (delta: object, finish_reason: string | null, rest: object = {}) => {
      const choices = [{ index: 0, delta, finish_reason }];
      response.write(`data: ${JSON.stringify({ ...whole, object: 'chat.completion.chunk', choices, ...rest })}\n\n`);
    };
    write({ role: 'assistant', content: 'held' }, null);
    await released;
    for (const word of ' and released'.split(/(?= )/)) write({ content: word }, null);
    write({}, 'stop');
    response.write(`data: ${JSON.stringify({ ...whole, object: 'chat.completion.chunk', choices: [], usage })}\n\n`);
    response.end('data: [DONE]\n\n');
  }

  async #embed(texts: readonly string[], response: ServerResponse): Promise<void> {
    const vectors = await this.#embeddings.embedDocuments([...texts]);
    const { dimensions } = embeddingModels.openai;
    const data = vectors.map((vector, index) => ({
      index,
      object: 'embedding',
      embedding: [...vector, ...Array(dimensions - vector.length).fill(0)],
    }));
    send(response, { object: 'list', data, model: 'held', usage: { prompt_tokens: 1, total_tokens: 1 } });
  }
}

function send(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
