import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Metrics } from '../../../app/telemetry/metrics.js';
import { chat, httpRequestDuration, httpRequests } from '../../../contract/index.js';

/** How the requests that a release gets fare. */
export interface Behaviour {
  readonly errorRatio: number;
  readonly slowRatio: number;
}

const WELL: Behaviour = { errorRatio: 0.01, slowRatio: 0 };
const ROUND_MS = 100;
const FAST_SECONDS = 0.04;
const SLOW_SECONDS = 0.3;
const LABELS = { method: 'POST', endpoint: '/chat' } as const;

/**
 * The pods of two releases as Prometheus sees them: each a server with the metrics of the chat service, to which requests come as the mesh
 * is told to divide them. They fail and are slow as the test says.
 */
export class ReleasePods {
  readonly #servers = new Map<string, Server>();
  readonly #metrics = new Map<string, Metrics>();
  readonly #behaviours = new Map<string, Behaviour>();
  /** Parts of a request that a round was too short for. */
  readonly #owed = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  /** Of all traffic, by version. */
  shares: ReadonlyMap<string, number> = new Map();
  requestsPerSecond = 0;

  private constructor(versions: readonly string[]) {
    for (const version of versions) {
      const metrics = new Metrics(chat);
      // Series that are there before their first request, as the application's are not: a test does not wait for a second scrape.
      for (const status of ['200', '500']) metrics.count(httpRequests, { ...LABELS, status }, 0);
      this.#metrics.set(version, metrics);
      const server = createServer(async (_request, response) => {
        response.writeHead(200, { 'Content-Type': metrics.contentType }).end(await metrics.expose());
      });
      this.#servers.set(version, server);
    }
    this.#timer = setInterval(() => this.#round(), ROUND_MS);
  }

  static async start(versions: readonly string[]): Promise<ReleasePods> {
    const pods = new ReleasePods(versions);
    for (const server of pods.#servers.values()) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return pods;
  }

  addressOf(version: string): string | undefined {
    const server = this.#servers.get(version);
    return server && `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** From now on. */
  behave(version: string, behaviour: Partial<Behaviour> = {}): void {
    this.#behaviours.set(version, { ...WELL, ...behaviour });
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const server of this.#servers.values()) {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  }

  #round(): void {
    for (const [version, metrics] of this.#metrics) {
      const due =
        (this.requestsPerSecond * (this.shares.get(version) ?? 0) * ROUND_MS) / 1000 + (this.#owed.get(version) ?? 0);
      const requests = Math.floor(due);
      this.#owed.set(version, due - requests);
      const { errorRatio, slowRatio } = this.#behaviours.get(version) ?? WELL;
      const errors = Math.round(requests * errorRatio);
      metrics.count(httpRequests, { ...LABELS, status: '500' }, errors);
      metrics.count(httpRequests, { ...LABELS, status: '200' }, requests - errors);
      const slow = Math.round(requests * slowRatio);
      for (let i = 0; i < requests; i++) {
        metrics.observe(httpRequestDuration, LABELS, i < slow ? SLOW_SECONDS : FAST_SECONDS);
      }
    }
  }
}
