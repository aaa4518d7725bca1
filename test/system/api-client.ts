import { Agent, type RequestOptions, request } from 'node:https';
import type { Manifest } from '../support/cluster.js';

/** What the API server answered. */
export interface Answer {
  readonly status: number;
  /** Its `Warning` headers: deprecated fields, violations of Pod Security. */
  readonly warnings: readonly string[];
  readonly body: Manifest & { readonly message?: string };
}

/** What the API server tells of a change. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: Manifest;
}

/** Calls to the API server with one user's token. */
export class ApiClient {
  // The server makes its certificate when it starts.
  readonly #agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

  constructor(
    private readonly port: number,
    private readonly token: string,
  ) {}

  /** One call, its body as JSON. */
  async send(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const content = text === undefined ? {} : { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) };
    return new Promise((resolve, reject) => {
      const outgoing = request(this.#options(method, path, content), (incoming) => {
        let received = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          received += chunk;
        });
        incoming.on('error', reject);
        incoming.on('end', () => {
          const isJson = incoming.headers['content-type']?.startsWith('application/json') ?? false;
          resolve({
            status: incoming.statusCode ?? 0,
            warnings: incoming.rawHeaders.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === 'warning'),
            body: isJson ? JSON.parse(received) : { message: received },
          });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(text);
    });
  }

  /** Tells of every object of a collection, and then of each change, until the client is closed. */
  watch(collection: string, changed: (change: Change) => void): void {
    let line = '';
    const outgoing = request(this.#options('GET', `${collection}?watch=true`), (incoming) => {
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        const lines = (line + chunk).split('\n');
        line = lines.pop() ?? '';
        for (const one of lines) changed(JSON.parse(one));
      });
      incoming.on('error', ignoreClosing);
    });
    outgoing.on('error', ignoreClosing);
    outgoing.end();
  }

  close(): void {
    this.#agent.destroy();
  }

  #options(method: string, path: string, headers: Record<string, string | number> = {}): RequestOptions {
    return {
      host: '127.0.0.1',
      port: this.port,
      method,
      path,
      agent: this.#agent,
      headers: { Authorization: `Bearer ${this.token}`, ...headers },
    };
  }
}

/** @throws whatever else has ended a watch: the test would wait for changes that nobody tells of */
function ignoreClosing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ECONNRESET') throw error;
}
