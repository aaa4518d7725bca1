import { freePorts, Program } from './program.js';

/** What every proxy's connections suffer from. */
const TOXIC = 'delay';

/** A real Toxiproxy: whoever connects through it is slowed down or cut off when a test says so. */
export class Toxiproxy {
  private constructor(
    private readonly api: string,
    private readonly program: Program,
  ) {}

  static async start(folder: string): Promise<Toxiproxy> {
    const [port = 0] = await freePorts(1);
    const program = new Program('toxiproxy', ['-host', '127.0.0.1', '-port', String(port)], folder);
    const proxy = new Toxiproxy(`http://127.0.0.1:${port}`, program);
    await program.until(async () => (await fetch(`${proxy.api}/version`)).ok);
    return proxy;
  }

  /** @returns the same URL, by way of the proxy */
  async through(name: string, url: string): Promise<string> {
    const [port = 0] = await freePorts(1);
    const reached = new URL(url);
    const [listen, upstream] = [`127.0.0.1:${port}`, reached.host];
    await this.#tell('/proxies', { name, listen, upstream });
    reached.host = listen;
    return url.endsWith('/') ? reached.href : reached.href.replace(/\/$/, '');
  }

  /** Holds back whatever the store answers for so long. */
  async delay(name: string, ms: number): Promise<void> {
    const toxic = { name: TOXIC, type: 'latency', stream: 'downstream', attributes: { latency: ms } };
    await this.#tell(`/proxies/${name}/toxics`, toxic);
  }

  /** Ends all connections to the store, and lets none through. */
  async cut(name: string): Promise<void> {
    await this.#tell(`/proxies/${name}`, { enabled: false });
  }

  /** Everything is as it was at the start. */
  async mend(): Promise<void> {
    await this.#tell('/reset', {});
  }

  async stop(): Promise<void> {
    await this.program.stop();
  }

  async #tell(path: string, body: object): Promise<void> {
    const response = await fetch(this.api + path, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`Toxiproxy: ${path}: ${response.status} ${await response.text()}`);
  }
}
