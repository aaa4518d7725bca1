import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Metrics } from '../../../app/telemetry/metrics.js';
import {
  answerScore,
  chat,
  httpRequestDuration,
  httpRequests,
  requestBudget,
  scoredAnswers,
} from '../../../contract/index.js';

/** Header of an answer, with the version that gave it. */
export const ANSWERED_BY = 'x-answered-by';

/** How the requests that a release gets fare. */
export interface Behaviour {
  readonly errorRatio: number;
  readonly slowRatio: number;
  /** What users give its answers, 0 to 1. */
  readonly score: number;
}

const WELL: Behaviour = { errorRatio: 0.01, slowRatio: 0, score: 0.95 };
const ROUND_MS = 100;
const FAST_SECONDS = 0.04;
const SLOW_SECONDS = 0.3;
const LABELS = { method: 'POST', endpoint: '/chat' } as const;

/**
 * The pods of two releases as Prometheus sees them: each a server with the metrics of the chat service, to which requests come as the mesh
 * is told to divide them. They fail and are slow as the test says. Requests that somebody really sends count too.
 */
export class ReleasePods {
  readonly #servers = new Map<string, Server>();
  readonly #metrics = new Map<string, Metrics>();
  readonly #behaviours = new Map<string, Behaviour>();
  /** Parts of a request, by what it is counted as. */
  readonly #owed = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  /** Requests that somebody really sent, by version. */
  readonly #asked = new Map<string, number>();
  /** Of all traffic, by version. */
  shares: Map<string, number> = new Map();
  requestsPerSecond = 0;

  private constructor(versions: readonly string[]) {
    for (const version of versions) {
      const metrics = new Metrics({ ...chat, metrics: [...chat.metrics, answerScore, scoredAnswers] });
      // Series that are there before their first request, as the application's are not: a test does not wait for a second scrape.
      for (const status of ['200', '500']) metrics.count(httpRequests, { ...LABELS, status }, 0);
      for (const answered_by of versions) {
        for (const counter of [scoredAnswers, answerScore]) metrics.count(counter, { answered_by }, 0);
      }
      this.#metrics.set(version, metrics);
      const server = createServer(async ({ url }, response) => {
        if (url === chat.metricsPath) {
          response.setHeader('Content-Type', metrics.contentType).end(await metrics.expose());
          return;
        }
        this.#asked.set(version, this.asked(version) + 1);
        const isFailed = this.#take(version, 1) > 0;
        response.writeHead(isFailed ? 500 : 200, { [ANSWERED_BY]: version }).end();
      });
      // As every service of ours: a caller's proxy lets go of a connection before that.
      server.keepAliveTimeout = requestBudget.keepAliveMs;
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

  /** How many requests somebody has really sent to a release. */
  asked(version: string): number {
    return this.#asked.get(version) ?? 0;
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
    for (const version of this.#metrics.keys()) {
      const share = this.shares.get(version) ?? 0;
      this.#take(version, this.#whole(version, (this.requestsPerSecond * share * ROUND_MS) / 1000));
    }
  }

  /** Has requests come to a release, each of whose answers some pod or other is told a score of. @returns how many of them fail */
  #take(version: string, requests: number): number {
    const metrics = this.#metrics.get(version);
    const { errorRatio, slowRatio, score } = this.#behaviours.get(version) ?? WELL;
    const [told] = this.#metrics.values();
    told?.count(scoredAnswers, { answered_by: version }, requests);
    told?.count(answerScore, { answered_by: version }, score * requests);
    const errors = this.#whole(`${version} fails`, requests * errorRatio);
    const slow = this.#whole(`${version} is slow`, requests * slowRatio);
    metrics?.count(httpRequests, { ...LABELS, status: '500' }, errors);
    metrics?.count(httpRequests, { ...LABELS, status: '200' }, requests - errors);
    for (let i = 0; i < requests; i++) {
      metrics?.observe(httpRequestDuration, LABELS, i < slow ? SLOW_SECONDS : FAST_SECONDS);
    }
    return errors;
  }

  /** As many as there are in whole; the part left over is added to the next amount of that. */
  #whole(of: string, amount: number): number {
    const due = amount + (this.#owed.get(of) ?? 0);
    const whole = Math.floor(due);
    this.#owed.set(of, due - whole);
    return whole;
  }
}
