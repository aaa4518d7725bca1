import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What a pod says to a request, or `undefined` where nobody answers. */
type PodAnswer = (request: {
  readonly ip: string;
  readonly path: string;
}) => string | undefined | Promise<string | undefined>;

/**
 * Stands for the network of fake pods and for kube-proxy: a proxy on loopback. Whoever calls an address of the cluster's calls it through
 * here, under that address, and reaches whoever plays that part.
 */
export class PodNetwork {
  /** One listens on a port of loopback, the other on a socket: the API server takes a proxy without TLS by a socket only. */
  readonly #servers: readonly [Server, Server];
  readonly #routes = new Map<string, number>();
  readonly #tunnels = new Set<Duplex>();

  /** How pods answer plain requests. @default nobody answers */
  answer: PodAnswer = () => undefined;

  private constructor() {
    const server = () =>
      createServer((request, response) => void this.#ask(request, response)).on(
        'connect',
        (request: IncomingMessage, socket: Duplex) => this.#tunnel(request, socket),
      );
    this.#servers = [server(), server()];
  }

  /** Address of the proxy. */
  get url(): string {
    return `http://127.0.0.1:${(this.#servers[0].address() as AddressInfo).port}`;
  }

  static async start(): Promise<PodNetwork> {
    const network = new PodNetwork();
    network.#servers[0].listen(0, '127.0.0.1');
    await once(network.#servers[0], 'listening');
    return network;
  }

  /** Lets it be reached by a socket too. */
  async listen(socket: string): Promise<void> {
    this.#servers[1].listen(socket);
    await once(this.#servers[1], 'listening');
  }

  /** Carries connections to an address, such as `10.96.0.7:443`, to a port of loopback. */
  route(address: string, port: number): void {
    this.#routes.set(address, port);
  }

  async stop(): Promise<void> {
    for (const tunnel of this.#tunnels) tunnel.destroy();
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  }

  async #ask({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const { hostname: ip, pathname: path } = new URL(url);
    const text = await this.answer({ ip, path });
    response.writeHead(text === undefined ? 502 : 200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(text);
  }

  #tunnel({ url = '' }: IncomingMessage, near: Duplex): void {
    const port = this.#routes.get(url);
    if (port === undefined) return void near.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    const far: Socket = connect(port, '127.0.0.1', () => {
      near.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      far.pipe(near).pipe(far);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#tunnels.add(one);
      // An end that breaks off ends the other; whoever called sees it.
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#tunnels.delete(one);
        other.destroy();
      });
    }
  }
}
