import { queueMessagesReady, rabbitmq, tasks } from '../../contract/index.js';
import { translations } from '../support/own-contract.js';
import type { Pod } from './cluster.js';
import type { PodDiscovery } from './pod-discovery.js';

/** What fake pods say of themselves: the translations that are asked of a service are shared evenly among its pods. */
export class FakeLoad {
  /** Translations a second, by service. */
  readonly rates = new Map<string, number>();
  /** Tasks that wait in the broker. */
  backlog = 0;
  /** Where the pods of a service have their metrics from that are not made up here: an address, if anybody is there. */
  readonly told = new Map<string, (pod: Pod) => string | undefined>();
  /** Services whose pods answer nobody. */
  readonly lost = new Set<string>();
  readonly #counted = new Map<string, { readonly total: number; readonly atMs: number }>();

  constructor(private readonly discovery: PodDiscovery) {}

  /** @returns the metrics of the pod at an address, or `undefined` when it does not answer */
  async metricsAt(ip: string): Promise<string | undefined> {
    const pod = this.discovery.podAt(ip);
    if (pod === undefined) return undefined;
    const name = pod.metadata.labels['app.kubernetes.io/name'] ?? '';
    if (this.lost.has(name)) return undefined;
    const url = this.told.get(name)?.(pod);
    if (url !== undefined) return (await fetch(url).catch(() => undefined))?.text();
    // Each node of the broker tells of the queues that it leads.
    if (name === rabbitmq.name && pod.metadata.name.endsWith('-0')) {
      return `${queueMessagesReady.name}{queue="${tasks.queues[0]?.name}",vhost="/"} ${this.backlog}\n`;
    }
    const rate = this.rates.get(name);
    if (rate === undefined) return '';
    return `${translations.name}{language="de"} ${this.#count(pod, rate / this.discovery.runningPodsOf(name).length)}\n`;
  }

  #count({ metadata }: Pod, rate: number): number {
    const { total, atMs } = this.#counted.get(metadata.uid) ?? { total: 0, atMs: performance.now() };
    const now = { total: total + (rate * (performance.now() - atMs)) / 1000, atMs: performance.now() };
    this.#counted.set(metadata.uid, now);
    return now.total;
  }
}
