import { signToken } from '../../app/embedded/local-tokens.js';
import type { Identity } from '../../app/runtime/identity.js';
import { jwtSecret } from './deployed-platform.js';

export const ada: Identity = { user: 'ada', tenant: 'acme', tier: 'enterprise' };

export const tokenOf = (identity: Identity) => signToken(jwtSecret, identity, Date.now);

export interface Call {
  readonly method?: string;
  /** Bytes go as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly as?: Identity;
}

/** Calls the gateway from outside the cluster, each time on a connection of its own. */
export class Client {
  constructor(readonly url: string) {}

  async request(path: string, { method, body, as = ada }: Call = {}) {
    const raw = body instanceof Uint8Array;
    const response = await fetch(this.url + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      signal: AbortSignal.timeout(60_000),
      headers: {
        authorization: `Bearer ${await tokenOf(as)}`,
        // A kept connection stays with one pod.
        connection: 'close',
        ...(body !== undefined && { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body !== undefined && { body: raw ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, json: () => JSON.parse(text) };
  }
}
