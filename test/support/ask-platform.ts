import { signToken } from '../../app/embedded/local-tokens.js';
import type { EmbeddedPlatform } from '../../app/embedded/start-platform.js';
import type { Identity } from '../../app/runtime/identity.js';

export const ada: Identity = { user: 'ada', tenant: 'acme', tier: 'enterprise' };

export interface Asked {
  /** @default GET, and POST with a body */
  readonly method?: string;
  /** Bytes are sent as they are, all else as JSON. */
  readonly body?: unknown;
  readonly as?: Identity;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks a platform's gateway as a user who has a token. */
export async function askPlatform(platform: EmbeddedPlatform, path: string, { as = ada, ...asked }: Asked = {}) {
  const { body } = asked;
  const sent = body === undefined || body instanceof Uint8Array ? body : JSON.stringify(body);
  const response = await fetch(new URL(path, platform.urls.gateway), {
    method: asked.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      authorization: `Bearer ${await signToken(platform.secret, as, Date.now)}`,
      ...(typeof sent === 'string' && { 'content-type': 'application/json' }),
      ...asked.headers,
    },
    ...(sent !== undefined && { body: sent as string | Uint8Array<ArrayBuffer> }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
}
