import * as z from 'zod';
import { baselineQueries, sampleQueries } from '../../../contract/index.js';
import type { CanaryMetrics, Look, Sample } from '../../canary/canary-metrics.js';
import type { CanaryPolicy } from '../../canary/canary-policy.js';

/** Prometheus' answer to an instant query, of what is read (prometheus.io/docs/prometheus/latest/querying/api). */
const answer = z.object({
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })),
  }),
});

export interface PrometheusOptions {
  readonly url: string;
  /** One question may take so long. */
  readonly timeoutMs: number;
}

/** Measures canaries by a Prometheus. */
export class PrometheusCanaryMetrics implements CanaryMetrics {
  constructor(private readonly options: PrometheusOptions) {}

  async sample(service: string, look: Look, policy: CanaryPolicy): Promise<Sample> {
    const baselineSeconds = (await this.#baseline(service, look, policy)) ?? look.baselineSeconds;
    const windowSeconds = (look.toMs - look.fromMs) / 1000;
    const queries = sampleQueries(service, Math.max(1, Math.round(windowSeconds)), baselineSeconds, policy);
    const count = async (query: string) => windowSeconds * (await this.#valueOf(query, look.toMs));
    const [requests, errors, slow, answers, values] = await Promise.all([
      count(queries.requests),
      count(queries.errors),
      queries.slow === null ? null : count(queries.slow),
      queries.answers === undefined ? undefined : count(queries.answers),
      queries.values === undefined ? undefined : count(queries.values),
    ]);
    // A difference of two rates, each extrapolated by itself, can come out a little below nothing.
    const latency =
      slow === null || baselineSeconds === null ? null : { baselineSeconds, slowRequests: Math.max(0, slow) };
    const business = answers === undefined || values === undefined ? {} : { business: { answers, total: values } };
    return { requests, errors, latency, ...business };
  }

  /** The stable p99 now; `null` when too few requests speak for it, or no stable pod is up. */
  async #baseline(service: string, { toMs }: Look, policy: CanaryPolicy): Promise<number | null> {
    const { p99Seconds, requestRate } = baselineQueries(service, policy);
    const [p99, rate] = await Promise.all([this.#ask(p99Seconds, toMs), this.#ask(requestRate, toMs)]);
    const { minRequests, windowSeconds } = policy.baseline;
    return p99 !== undefined && rate !== undefined && p99 > 0 && rate * windowSeconds >= minRequests ? p99 : null;
  }

  async #valueOf(query: string, atMs: number): Promise<number> {
    const value = await this.#ask(query, atMs);
    if (value === undefined) throw new Error(`Prometheus has no value of ${query}: no pod of that version is up.`);
    return value;
  }

  async #ask(query: string, atMs: number): Promise<number | undefined> {
    const url = new URL('api/v1/query', this.options.url.endsWith('/') ? this.options.url : `${this.options.url}/`);
    const body = new URLSearchParams({ query, time: String(atMs / 1000) });
    const response = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(this.options.timeoutMs) });
    if (!response.ok) throw new Error(`Prometheus answered ${response.status} to ${query}: ${await response.text()}`);
    const { result } = answer.parse(await response.json()).data;
    const value = result[0]?.value[1];
    return value === undefined ? undefined : Number(value);
  }
}
