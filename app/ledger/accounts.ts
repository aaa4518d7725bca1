import type { BudgetPeriod } from '../../contract/index.js';
import type { Identity } from '../runtime/identity.js';
import type { SpendingAccount } from './ledger.js';

/** The day or month of UTC that a time is in: `2026-01-31`, `2026-01`. */
export function periodOf(at: number, period: BudgetPeriod): string {
  return new Date(at).toISOString().slice(0, period === 'day' ? 10 : 7);
}

/** Every account that a call of this caller counts in, always in the same order, so that no two writers wait for each other. */
export function accountsOf({ tenant, user }: Pick<Identity, 'tenant' | 'user'>, at: number): SpendingAccount[] {
  const [day, month] = [periodOf(at, 'day'), periodOf(at, 'month')];
  return [
    { tenant, user: null, period: day },
    { tenant, user: null, period: month },
    { tenant, user, period: day },
    { tenant, user, period: month },
  ];
}

/** An account as the key of a map. */
export function accountKey({ tenant, user, period }: SpendingAccount): string {
  return JSON.stringify([tenant, user, period]);
}
