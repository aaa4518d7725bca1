import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** Somebody outside the cluster who is sent things: on loopback, with one answer to everything, and a memory. */
export class ReceivingServer {
  readonly received: ReceivedRequest[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param answer the status of its answers; none is ever given where there is none */
  static async start(answer: { status?: number }): Promise<ReceivingServer> {
    const server = createServer(async (request, response) => {
      const { url: path = '', headers } = request;
      receiver.received.push({ path, authorization: headers.authorization, body: await text(request) });
      if (answer.status !== undefined) response.writeHead(answer.status).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const receiver = new ReceivingServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return receiver;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
