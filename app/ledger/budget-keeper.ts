import { type BudgetSpec, budgetAlerts, budgetRefusals, ledgerPolicy } from '../../contract/index.js';
import { inTime } from '../resilience/deadline.js';
import type { Clock } from '../runtime/clock.js';
import { errors } from '../runtime/errors.js';
import type { Identity } from '../runtime/identity.js';
import type { Timers } from '../runtime/timers.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { accountKey, periodOf } from './accounts.js';
import { budgetsOf, type HeldBudget, isSpent, reachedPercents } from './budgets.js';
import type { Ledger, SpendingAccount } from './ledger.js';
import type { LedgerOutbox } from './ledger-outbox.js';

export interface BudgetKeeperProps {
  /** @default nobody is held to a budget */
  readonly budgets?: readonly BudgetSpec[] | undefined;
  readonly ledger: Pick<Ledger, 'spent' | 'claimAlert'>;
  readonly outbox: Pick<LedgerOutbox, 'waitingMicroUsd'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** @default the process's own */
  readonly timers?: Timers;
}

/** A budget and what of it is spent. */
export interface BudgetState extends HeldBudget {
  readonly spentMicroUsd: number;
}

interface Known {
  /** What the ledger said last, by account. */
  readonly spentMicroUsd: Map<string, number>;
  /** Alerts that were given, by this process or another. */
  readonly told: Set<string>;
}

/**
 * Holds callers to their budgets: who has spent one is refused before a call, so that only the calls already on their way go over
 * it. While the ledger cannot be asked, what was last known of it and what still waits for it decide.
 */
export class BudgetKeeper {
  /** By period, so that what is past can go. */
  readonly #known = new Map<string, Known>();
  #away = false;

  constructor(private readonly props: BudgetKeeperProps) {}

  /** Accounts of which something is remembered. */
  get size(): number {
    return [...this.#known.values()].reduce((sum, { spentMicroUsd }) => sum + spentMicroUsd.size, 0);
  }

  /** Lets a call be made. @throws 402 when a budget is spent */
  async admit(owner: Identity): Promise<void> {
    for (const { spec, account, limitMicroUsd, spentMicroUsd } of await this.#look(owner)) {
      if (!isSpent(spentMicroUsd, limitMicroUsd)) continue;
      this.props.metrics.count(budgetRefusals, { period: spec.period });
      const whose = account.user === null ? `tenant ${account.tenant}` : `user ${account.user}`;
      throw errors.budgetSpent(whose, account.period, limitMicroUsd / 1e6, spentMicroUsd / 1e6);
    }
  }

  /** Looks again after a call, so that an alert comes with the call that reached it and not with the next one. */
  async review(owner: Identity): Promise<void> {
    await this.#look(owner);
  }

  /** The caller's budgets as they stand. */
  async states(owner: Identity): Promise<readonly BudgetState[]> {
    const held = budgetsOf(this.props.budgets ?? [], owner, this.props.clock());
    if (held.length === 0) return [];
    const accounts = held.map(({ account }) => account);
    const spent = await this.#spent(accounts);
    return held.map((budget, i) => ({
      ...budget,
      spentMicroUsd: (spent[i] ?? 0) + this.props.outbox.waitingMicroUsd(budget.account),
    }));
  }

  async #look(owner: Identity): Promise<readonly BudgetState[]> {
    const states = await this.states(owner);
    for (const state of states) await this.#alert(state);
    return states;
  }

  async #spent(accounts: readonly SpendingAccount[]): Promise<readonly number[]> {
    try {
      const spent = await this.#soon(() => this.props.ledger.spent(accounts));
      for (const [i, account] of accounts.entries())
        this.#of(account).spentMicroUsd.set(accountKey(account), spent[i] ?? 0);
      return spent;
    } catch (error) {
      this.props.logger.warn({ err: error }, 'budgets are judged by what was last known: the ledger cannot be asked');
      return accounts.map((account) => this.#of(account).spentMicroUsd.get(accountKey(account)) ?? 0);
    }
  }

  async #alert({ account, limitMicroUsd, spentMicroUsd }: BudgetState): Promise<void> {
    const { ledger, metrics, logger } = this.props;
    const { told } = this.#of(account);
    for (const percent of reachedPercents(spentMicroUsd, limitMicroUsd)) {
      const alert = `${accountKey(account)} ${limitMicroUsd} ${percent}`;
      if (told.has(alert)) continue;
      try {
        const first = await this.#soon(() => ledger.claimAlert(account, limitMicroUsd, percent));
        told.add(alert);
        if (!first) continue;
        metrics.count(budgetAlerts, { percent: String(percent) });
        logger.warn({ ...account, percent, limitMicroUsd, spentMicroUsd }, `a budget is spent to ${percent} %`);
      } catch (error) {
        logger.warn({ err: error }, 'an alert of a budget waits for the ledger');
      }
    }
  }

  /** What is known of an account's period. With a new one goes what is over. */
  #of({ period }: SpendingAccount): Known {
    const known = this.#known.get(period);
    if (known !== undefined) return known;
    const now = this.props.clock();
    const current = [periodOf(now, 'day'), periodOf(now, 'month')];
    for (const past of this.#known.keys()) if (!current.includes(past)) this.#known.delete(past);
    const fresh: Known = { spentMicroUsd: new Map(), told: new Set() };
    this.#known.set(period, fresh);
    return fresh;
  }

  async #soon<T>(work: () => Promise<T>): Promise<T> {
    const timeoutMs = this.#away ? ledgerPolicy.awayTimeoutMs : ledgerPolicy.timeoutMs;
    const { timers } = this.props;
    try {
      const done = await inTime({ what: 'The ledger', timeoutMs, ...(timers && { timers }) }, work());
      this.#away = false;
      return done;
    } catch (error) {
      this.#away = true;
      throw error;
    }
  }
}
