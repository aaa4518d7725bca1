import { setTimeout as pause } from 'node:timers/promises';
import { Agent } from 'undici';
import { exponential } from '../sim/model/random.js';
import type { Target } from './load.js';

/** Every request asks something else. */
export interface OpenTarget extends Omit<Target, 'body'> {
  readonly body: (i: number) => Readonly<Record<string, unknown>>;
}

export interface OpenLoadOptions {
  readonly perSecond: number;
  /** Requests that come before this are answered and not counted. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly random: () => number;
}

export interface OpenLoad {
  readonly sentPerSecond: number;
  readonly answeredPerSecond: number;
  readonly latenciesMs: readonly number[];
}

/**
 * Sends requests at random (Poisson), however many are still under way, each over a connection of its own. Counted are the answers that come within the
 * time, and each from the moment at which its request was due: a sender that is late itself hides nothing.
 * @throws at an answer that is not 200
 */
export async function sendOpenly(
  { origin, path, headers, body }: OpenTarget,
  { perSecond, warmUpSeconds, seconds, random }: OpenLoadOptions,
): Promise<OpenLoad> {
  const agent = new Agent({ pipelining: 1 });
  const latenciesMs: number[] = [];
  const failures: unknown[] = [];
  const startedAt = performance.now();
  const [fromMs, toMs] = [1000 * warmUpSeconds, 1000 * (warmUpSeconds + seconds)];
  const ask = async (i: number, dueMs: number): Promise<void> => {
    const answer = await agent.request({
      ...{ origin, path: path as `/${string}`, method: 'POST' },
      headers: { 'content-type': 'application/json', ...headers(i) },
      body: JSON.stringify(body(i)),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${origin}: ${answer.statusCode} ${text}`);
    const endedMs = performance.now() - startedAt;
    if (endedMs >= fromMs && endedMs < toMs) latenciesMs.push(endedMs - dueMs);
  };
  const underWay: Promise<unknown>[] = [];
  for (let dueMs = 0; ; ) {
    dueMs += exponential(random, 1000 / perSecond);
    if (dueMs >= toMs) break;
    const earlyMs = dueMs - (performance.now() - startedAt);
    if (earlyMs > 0) await pause(earlyMs);
    underWay.push(ask(underWay.length, dueMs).catch((error: unknown) => failures.push(error)));
  }
  await Promise.all(underWay);
  await agent.close();
  if (failures.length > 0) throw failures[0];
  return {
    sentPerSecond: underWay.length / (warmUpSeconds + seconds),
    answeredPerSecond: latenciesMs.length / seconds,
    latenciesMs,
  };
}
