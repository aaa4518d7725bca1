import { WebSocket } from 'ws';
import { signToken } from '../../app/embedded/local-tokens.js';
import type { Identity } from '../../app/runtime/identity.js';
import type { TaskView } from '../../contract/index.js';
import { eventually } from '../system/eventually.js';
import { jwtSecret } from './secrets.js';

export const ada: Identity = { user: 'ada', tenant: 'acme', tier: 'enterprise' };

const tokenOf = (identity: Identity) => signToken(jwtSecret, identity, Date.now);

export interface Call {
  readonly method?: string;
  /** Bytes go as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly as?: Identity;
}

/** Calls the gateway from outside the cluster, each time on a connection of its own. */
export class Client {
  constructor(readonly url: string) {}

  async request(path: string, call: Call = {}) {
    const response = await this.open(path, call);
    const text = await response.text();
    return { status: response.status, text, json: () => JSON.parse(text) };
  }

  /** An answer of which the body is still to come. */
  async open(path: string, { method, body, as = ada }: Call, limitMs = 60_000): Promise<Response> {
    const raw = body instanceof Uint8Array;
    return fetch(this.url + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      signal: AbortSignal.timeout(limitMs),
      headers: {
        authorization: `Bearer ${await tokenOf(as)}`,
        // A kept connection stays with one pod.
        connection: 'close',
        ...(body !== undefined && { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body !== undefined && { body: raw ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    });
  }
}

/** Waits for a task's good end. */
export async function untilDone(client: Client, url: string, as = ada): Promise<void> {
  await eventually(async () => {
    const view = (await client.request(`${url}?wait_ms=20000`, { as })).json() as TaskView;
    if (view.status === 'failed') throw new Error(JSON.stringify(view));
    return view.status === 'completed' ? [] : [`${url} is ${view.status}`];
  });
}

/** Hands a message in over a WebSocket. @returns every status of it that is pushed, up to its end */
export async function pushedStatuses(client: Client, message: object): Promise<readonly unknown[]> {
  const socket = new WebSocket(`${client.url.replace('http', 'ws')}/ws/chat`, {
    headers: { authorization: `Bearer ${await tokenOf(ada)}` },
  });
  const seen: unknown[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('open', () => socket.send(JSON.stringify(message)));
      socket.on('message', (data) => {
        const { status } = JSON.parse(String(data));
        seen.push(status);
        if (status === 'completed' || status === 'failed') resolve();
      });
    });
  } finally {
    socket.close();
  }
  return seen;
}
