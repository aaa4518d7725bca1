import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server on loopback that can be closed: then connections end, and new ones are refused. It can fall silent, too. */
export class Gate {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #closed = false;
  #silent = false;

  private constructor(port: number) {
    this.#server = createServer((socket) => {
      if (this.#closed) {
        socket.destroy();
        return;
      }
      if (this.#silent) {
        this.#sockets.add(socket);
        socket.on('error', () => socket.destroy());
        return;
      }
      const onward = connect(port, '127.0.0.1');
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        this.#sockets.add(one);
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
        one.on('error', () => other.destroy());
        one.pipe(other);
      }
    });
  }

  static async to(port: number): Promise<Gate> {
    const gate = new Gate(port);
    gate.#server.listen(0, '127.0.0.1');
    await once(gate.#server, 'listening');
    return gate;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#closed = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Connections stay, and nothing comes through them any more, not after `open` either; new ones are taken and never answered. */
  fallSilent(): void {
    this.#silent = true;
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  open(): void {
    this.#closed = false;
    this.#silent = false;
  }

  async stop(): Promise<void> {
    this.close();
    await new Promise((closed) => this.#server.close(closed));
  }
}
