import { Pool } from 'undici';
import type { ServiceSpec } from '../../../contract/index.js';
import { ANSWERED_BY } from '../canary/release-pods.js';

/** Who answered, and how. */
export interface Answers {
  /** By the version that each answer names. */
  readonly byVersion: Record<string, number>;
  /** How often what was not an answer of 200, in words. */
  readonly failures: Record<string, number>;
}

const AT_A_TIME = 16;

/** A client of a service that asks it by its proxy, several requests at a time. */
export class Caller {
  readonly #connections: Pool;
  /** By which the proxy knows the service. */
  readonly #host: string;

  /** @param address at which the proxy takes its requests */
  constructor(address: string, { name, port }: Pick<ServiceSpec, 'name' | 'port'>) {
    this.#connections = new Pool(`http://${address}:${port}`, { connections: AT_A_TIME });
    this.#host = `${name}:${port}`;
  }

  /** Sends so many requests. */
  async send(count: number, headers: Readonly<Record<string, string>> = {}): Promise<Answers> {
    let left = count;
    return this.#sendWhile(() => left-- > 0, headers);
  }

  /** Sends requests without a pause while something goes on. */
  async sendDuring(course: () => Promise<unknown>): Promise<Answers> {
    let isOver = false;
    const answers = this.#sendWhile(() => !isOver, {});
    await course().finally(() => {
      isOver = true;
    });
    return answers;
  }

  async close(): Promise<void> {
    await this.#connections.destroy();
  }

  async #sendWhile(more: () => boolean, headers: Readonly<Record<string, string>>): Promise<Answers> {
    const answers: Answers = { byVersion: {}, failures: {} };
    const line = async () => {
      while (more()) await this.#sendOne(headers, answers);
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, line));
    return answers;
  }

  /** A request that may change something, as those to a chat are: no proxy repeats it. */
  async #sendOne(headers: Readonly<Record<string, string>>, { byVersion, failures }: Answers): Promise<void> {
    const asked = { method: 'POST', path: '/', headers: { ...headers, host: this.#host } } as const;
    try {
      const { statusCode, headers: told, body } = await this.#connections.request(asked);
      const text = await body.text();
      const version = told[ANSWERED_BY];
      if (version !== undefined) add(byVersion, String(version));
      if (statusCode !== 200) add(failures, `${statusCode} by ${version ?? 'the proxy'} ${text}`.trim());
    } catch (error) {
      add(failures, String(error));
    }
  }
}

function add(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
