import { type BudgetSpec, EVERYONE, ledgerPolicy } from '../../contract/index.js';
import type { Identity } from '../runtime/identity.js';
import { periodOf } from './accounts.js';
import type { SpendingAccount } from './ledger.js';

/** A budget as it holds for one caller now. */
export interface HeldBudget {
  readonly spec: BudgetSpec;
  readonly account: SpendingAccount;
  readonly limitMicroUsd: number;
}

/** The budgets that hold for a caller: for all users of the tenant and for this one, by day and by month, of each the most particular. */
export function budgetsOf(
  table: readonly BudgetSpec[],
  { tenant, user }: Pick<Identity, 'tenant' | 'user'>,
  now: number,
): readonly HeldBudget[] {
  const matching = table.filter(
    (spec) => matches(spec.tenant, tenant) && (spec.user === undefined || matches(spec.user, user)),
  );
  const held = new Map<string, BudgetSpec>();
  for (const spec of matching.sort((a, b) => particularity(a) - particularity(b)))
    held.set(`${spec.user === undefined}/${spec.period}`, spec);
  return [...held.values()].map((spec) => ({
    spec,
    account: { tenant, user: spec.user === undefined ? null : user, period: periodOf(now, spec.period) },
    limitMicroUsd: Math.round(spec.limitUsd * 1e6),
  }));
}

function matches(named: string, one: string): boolean {
  return named === EVERYONE || named === one;
}

/** A named tenant counts for more than a named user, whose name may be another's in another tenant. */
function particularity({ tenant, user }: BudgetSpec): number {
  return (tenant === EVERYONE ? 0 : 2) + (user === undefined || user === EVERYONE ? 0 : 1);
}

/** Whether the limit is reached: then the next call is refused. */
export function isSpent(spentMicroUsd: number, limitMicroUsd: number): boolean {
  return spentMicroUsd >= limitMicroUsd;
}

/** The shares of the limit that are reached. */
export function reachedPercents(spentMicroUsd: number, limitMicroUsd: number): readonly number[] {
  return ledgerPolicy.alertPercents.filter((percent) => spentMicroUsd * 100 >= limitMicroUsd * percent);
}
