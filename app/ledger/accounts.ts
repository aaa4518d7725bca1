import type { BudgetPeriod } from '../../contract/index.js';
import type { Identity } from '../runtime/identity.js';
import type { SpendingAccount } from './ledger.js';

const DAY_MS = 86_400_000;
/** The day that was asked for last: to write one takes longer than all else that is asked of a call's accounts. */
let known = { day: Number.NaN, text: '' };

/** The day or month of UTC that a time is in: `2026-01-31`, `2026-01`. */
export function periodOf(at: number, period: BudgetPeriod): string {
  const day = Math.floor(at / DAY_MS);
  if (day !== known.day) known = { day, text: new Date(at).toISOString().slice(0, 'yyyy-mm-dd'.length) };
  return period === 'day' ? known.text : known.text.slice(0, 'yyyy-mm'.length);
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
