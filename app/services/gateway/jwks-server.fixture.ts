import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair } from 'jose';

export interface SigningKey {
  readonly kid: string;
  readonly algorithm: 'RS256' | 'ES256';
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

export async function makeSigningKey(kid: string, algorithm: SigningKey['algorithm'] = 'ES256'): Promise<SigningKey> {
  return { kid, algorithm, ...(await generateKeyPair(algorithm, { extractable: true })) };
}

/** An identity provider's JWKS endpoint on loopback, whose keys are rotated, and which goes away and comes back. */
export class JwksServer {
  #server: Server | undefined;
  #port = 0;
  /** How often it was asked. */
  asked = 0;
  answer: (response: ServerResponse) => void = (response) => response.end('{"keys":[]}');

  get url(): string {
    return `http://127.0.0.1:${this.#port}/.well-known/jwks.json`;
  }

  /** Listens, on the port that it had before. */
  async start(): Promise<void> {
    this.#server = createServer((_, response) => {
      this.asked += 1;
      this.answer(response.setHeader('content-type', 'application/json'));
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    this.#server = undefined;
  }

  async rotateTo(...keys: readonly SigningKey[]): Promise<void> {
    const jwks = await Promise.all(
      keys.map(async ({ kid, algorithm, publicKey }) => ({
        ...(await exportJWK(publicKey)),
        kid,
        alg: algorithm,
        use: 'sig',
      })),
    );
    this.answer = (response) => response.end(JSON.stringify({ keys: jwks }));
  }
}
