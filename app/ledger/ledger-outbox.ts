import { ledgerPolicy, ledgerWaiting } from '../../contract/index.js';
import { inTime } from '../resilience/deadline.js';
import { systemTimers, type Timers } from '../runtime/timers.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { accountKey, accountsOf } from './accounts.js';
import type { Ledger, LedgerEntry, SpendingAccount } from './ledger.js';

export interface LedgerOutboxProps {
  readonly ledger: Pick<Ledger, 'record'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** @default the process's own */
  readonly timers?: Timers;
  /** @default ledgerPolicy.waitingEntries */
  readonly capacity?: number;
}

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;
const LOST = 'an entry of the ledger is lost';

interface Waiting {
  readonly entry: LedgerEntry;
  /** Keys of the accounts that it counts in. */
  readonly accounts: readonly string[];
}

/**
 * Writes entries into the ledger without ever failing an answer: what the ledger does not take in time waits here and is written
 * again until it has. Entries have ids, so a write whose answer was lost may be repeated.
 */
export class LedgerOutbox {
  readonly #waiting = new Map<string, Waiting>();
  /** Micro-dollars that wait, by account: every call asks, and thousands may wait. */
  readonly #waitingOf = new Map<string, number>();
  #away = false;
  #retryMs = FIRST_RETRY_MS;
  #cancelRetry: (() => void) | undefined;
  #closed = false;

  constructor(private readonly props: LedgerOutboxProps) {
    props.metrics.measure(ledgerWaiting, async () => [{ labels: {}, value: this.size }]);
  }

  /** Resolves when the entry is in the ledger, or after the time that ledgerPolicy gives it. Never rejects. */
  async record(entry: LedgerEntry): Promise<void> {
    this.#keep(entry);
    if (await this.#write(entry)) return;
    if (this.#closed) this.props.logger.error({ entry }, LOST);
    else this.#retryLater();
  }

  /** Entries that the ledger has not been seen to take. */
  get size(): number {
    return this.#waiting.size;
  }

  /** What waits for an account, in micro-dollars. */
  waitingMicroUsd(account: SpendingAccount): number {
    return this.#waitingOf.get(accountKey(account)) ?? 0;
  }

  /** Tries once more to write what waits. What cannot be written is told in full, so that it can be booked by hand. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetry?.();
    const { timers, logger } = this.props;
    const all = Promise.all([...this.#waiting.values()].map(({ entry }) => this.#write(entry)));
    await inTime({ what: 'The ledger', timeoutMs: ledgerPolicy.closeMs, ...(timers && { timers }) }, all).catch(
      () => undefined,
    ); // told below, entry by entry
    for (const { entry } of this.#waiting.values()) logger.error({ entry }, LOST);
  }

  #keep(entry: LedgerEntry): void {
    const waiting = { entry, accounts: accountsOf(entry.owner, entry.at).map(accountKey) };
    if (!this.#waiting.has(entry.id)) this.#count(waiting, entry.costMicroUsd);
    this.#waiting.set(entry.id, waiting);
    const { capacity = ledgerPolicy.waitingEntries, logger } = this.props;
    if (this.#waiting.size > capacity) {
      const [oldest] = this.#waiting.values();
      if (oldest !== undefined) this.#forget(oldest.entry);
      logger.error({ entry: oldest?.entry }, 'an entry of the ledger is lost: too many wait');
    }
  }

  /** @returns whether the entry no longer waits */
  async #write(entry: LedgerEntry): Promise<boolean> {
    const { ledger, logger, timers } = this.props;
    const timeoutMs = this.#away ? ledgerPolicy.awayTimeoutMs : ledgerPolicy.timeoutMs;
    const taken = ledger.record(entry).then(() => this.#forget(entry));
    try {
      await inTime({ what: 'The ledger', timeoutMs, ...(timers && { timers }) }, taken);
      this.#away = false;
      return true;
    } catch (error) {
      taken.catch(() => undefined); // a late failure changes nothing: the entry waits
      if (error instanceof RangeError) {
        logger.error({ err: error, entry }, 'an entry of the ledger is not one');
        this.#forget(entry);
        return true;
      }
      this.#away = true;
      logger.warn({ err: error, id: entry.id }, 'an entry waits for the ledger');
      return false;
    }
  }

  #forget({ id }: LedgerEntry): void {
    const kept = this.#waiting.get(id);
    if (kept === undefined) return; // written twice, or lost before
    this.#waiting.delete(id);
    this.#count(kept, -kept.entry.costMicroUsd);
  }

  #count({ accounts }: Waiting, microUsd: number): void {
    for (const key of accounts) {
      const sum = (this.#waitingOf.get(key) ?? 0) + microUsd;
      if (sum === 0) this.#waitingOf.delete(key);
      else this.#waitingOf.set(key, sum);
    }
  }

  #retryLater(): void {
    if (this.#closed || this.#cancelRetry !== undefined) return;
    this.#cancelRetry = (this.props.timers ?? systemTimers).after(this.#retryMs, () => void this.#retry());
  }

  /** One after another, and no further than the first that the ledger does not take. Next time that one is the last: it may be refused for ever. */
  async #retry(): Promise<void> {
    for (const waiting of [...this.#waiting.values()]) {
      const { entry } = waiting;
      if (await this.#write(entry)) continue;
      if (this.#waiting.delete(entry.id)) this.#waiting.set(entry.id, waiting);
      this.#retryMs = Math.min(LAST_RETRY_MS, 2 * this.#retryMs);
      this.#cancelRetry = undefined;
      return this.#retryLater();
    }
    this.#retryMs = FIRST_RETRY_MS;
    this.#cancelRetry = undefined;
    if (this.#waiting.size > 0) this.#retryLater();
  }
}
