import { CoordinationV1Api, type KubeConfig, type V1Lease, V1MicroTime } from '@kubernetes/client-node';
import type { Leadership } from '../../canary/leadership.js';
import { claimLease, type LeaseRecord, type ObservedLease } from '../../canary/lease-claim.js';
import type { Clock } from '../../runtime/clock.js';
import type { Timers } from '../../runtime/timers.js';
import type { Logger } from '../../telemetry/logger.js';
import { limitedClient } from './limited-client.js';
import { statusCodeOf } from './status-code.js';

export interface LeaseOptions {
  readonly config: KubeConfig;
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** Of this candidate; no two have the same. */
  readonly me: string;
  readonly durationSeconds: number;
  /** One call may take so long, and a third of the duration at most: a lost one leaves time for others. */
  readonly callMs: number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
}

/** Leads while a Lease says so. It stops to act a third of the duration before another may take the Lease. */
export class LeaseLeadership implements Leadership {
  readonly #leases: CoordinationV1Api;
  #observed: ObservedLease | null = null;
  #lease: V1Lease | undefined;
  #leadsUntilMs = 0;

  constructor(private readonly options: LeaseOptions) {
    const { config, callMs, durationSeconds } = options;
    this.#leases = limitedClient(config, CoordinationV1Api, Math.min(callMs, (durationSeconds * 1000) / 3));
  }

  isLeader(): boolean {
    return this.options.clock() < this.#leadsUntilMs;
  }

  seek(): () => Promise<void> {
    const { timers, durationSeconds, logger } = this.options;
    let cancel = () => {};
    let stopped = false;
    let told = false;
    const attempt = async () => {
      await this.#attempt().catch((error: unknown) => logger.warn({ err: error }, 'the lease could not be renewed'));
      if (told === this.isLeader()) return;
      told = !told;
      logger.info({ leads: told }, 'leadership changed');
    };
    const start = () => {
      inHand = attempt().then(() => {
        if (!stopped) cancel = timers.after((durationSeconds * 1000) / 6, start);
      });
    };
    let inHand = Promise.resolve();
    start();
    return async () => {
      stopped = true;
      cancel();
      await inHand;
      await this.#giveUp().catch((error: unknown) => logger.warn({ err: error }, 'the lease could not be given up'));
    };
  }

  async #attempt(): Promise<void> {
    const { clock, me, durationSeconds } = this.options;
    const nowMs = clock();
    await this.#observe(nowMs);
    const claim = claimLease(this.#observed, me, durationSeconds, nowMs);
    if (claim === null) {
      this.#leadsUntilMs = 0;
      return;
    }
    await this.#write(claim, nowMs);
    this.#leadsUntilMs = nowMs + (durationSeconds * 1000 * 2) / 3;
  }

  async #giveUp(): Promise<void> {
    if (this.#observed?.record.holder !== this.options.me) return;
    this.#leadsUntilMs = 0;
    await this.#write({ ...this.#observed.record, holder: '' }, this.options.clock());
  }

  async #observe(nowMs: number): Promise<void> {
    const { name, namespace } = this.options;
    try {
      this.#lease = await this.#leases.readNamespacedLease({ name, namespace });
    } catch (error) {
      if (statusCodeOf(error) !== 404) throw error;
      this.#lease = undefined;
      this.#observed = null;
      return;
    }
    const record = recordOf(this.#lease);
    if (JSON.stringify(record) !== JSON.stringify(this.#observed?.record)) this.#observed = { record, seenMs: nowMs };
  }

  /** @throws when another was quicker: the version that was read no longer stands */
  async #write(record: LeaseRecord, nowMs: number): Promise<void> {
    const { name, namespace } = this.options;
    const time = new V1MicroTime(record.renewTime);
    const spec = {
      holderIdentity: record.holder,
      leaseDurationSeconds: record.durationSeconds,
      renewTime: time,
      leaseTransitions: record.transitions,
    };
    const body = { metadata: { ...this.#lease?.metadata, name, namespace }, spec };
    this.#lease = await (this.#lease
      ? this.#leases.replaceNamespacedLease({ name, namespace, body })
      : this.#leases.createNamespacedLease({ namespace, body }));
    this.#observed = { record, seenMs: nowMs };
  }
}

function recordOf({ spec }: V1Lease): LeaseRecord {
  return {
    holder: spec?.holderIdentity ?? '',
    durationSeconds: spec?.leaseDurationSeconds ?? 0,
    renewTime: spec?.renewTime ? new Date(spec.renewTime).toISOString() : '',
    transitions: spec?.leaseTransitions ?? 0,
  };
}
