import { WebSocket } from 'ws';

/** Talks to the inspector of a Node process that was started with `--inspect`: what its heap holds cannot be seen from outside. */
export class Inspector {
  #lastId = 0;
  private constructor(private readonly socket: WebSocket) {}

  /** @param port that the process was told to open its inspector on */
  static async open(port: number): Promise<Inspector> {
    const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
      webSocketDebuggerUrl: string;
    }[];
    if (target === undefined) throw new Error(`Nothing can be inspected on port ${port}.`);
    const socket = new WebSocket(target.webSocketDebuggerUrl, { perMessageDeflate: false });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new Inspector(socket);
  }

  /** Calls a method of the Chrome DevTools Protocol. */
  call<R>(method: string, params: object = {}): Promise<R> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const hear = (data: unknown) => {
        const answer = JSON.parse(String(data)) as { id?: number; result: R; error?: { message: string } };
        if (answer.id !== id) return;
        this.socket.off('message', hear);
        if (answer.error) reject(new Error(`${method}: ${answer.error.message}`));
        else resolve(answer.result);
      };
      this.socket.on('message', hear);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** What is in use once all that can be let go has been. */
  async heapBytes(): Promise<number> {
    // Twice: what the first one finalises, the second one takes away.
    await this.call('HeapProfiler.collectGarbage');
    await this.call('HeapProfiler.collectGarbage');
    const { usedSize } = await this.call<{ usedSize: number }>('Runtime.getHeapUsage');
    return usedSize;
  }

  close(): void {
    this.socket.close();
  }
}
