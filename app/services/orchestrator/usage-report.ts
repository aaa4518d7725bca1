import type { UsageReport, UsageRow } from '../../../contract/index.js';
import { periodOf } from '../../ledger/accounts.js';
import type { BudgetKeeper } from '../../ledger/budget-keeper.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { Clock } from '../../runtime/clock.js';
import { errors } from '../../runtime/errors.js';
import type { Identity } from '../../runtime/identity.js';

const DAY_MS = 86_400_000;

interface UsageDeps {
  readonly ledger: Pick<Ledger, 'totals'>;
  readonly budgets: Pick<BudgetKeeper, 'states'>;
  readonly clock: Clock;
}

/** What a user spent from one day of UTC to another, both inclusive. @throws 400 when the days are in the wrong order */
export async function usageReport(
  { ledger, budgets, clock }: UsageDeps,
  owner: Identity,
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
): Promise<UsageReport> {
  const today = periodOf(clock(), 'day');
  const to = asked.to ?? today;
  const from = asked.from ?? `${to.slice(0, 7)}-01`;
  if (from > to) throw errors.invalid('from', `is ${from}, which is after ${to}`);
  const { tenant, user } = owner;
  const [totals, states] = await Promise.all([
    ledger.totals({ tenant, user, from: Date.parse(from), to: Date.parse(to) + DAY_MS }, ['day', 'feature', 'model']),
    budgets.states(owner),
  ]);
  const sum = (field: 'calls' | 'costMicroUsd' | 'savedMicroUsd') => totals.reduce((all, row) => all + row[field], 0);
  return {
    from,
    to,
    calls: sum('calls'),
    cost_usd: sum('costMicroUsd') / 1e6,
    saved_usd: sum('savedMicroUsd') / 1e6,
    rows: totals.map(
      ({ of, ...total }): UsageRow => ({
        day: of.day ?? '',
        feature: of.feature ?? '',
        model: of.model ?? '',
        calls: total.calls,
        estimated_calls: total.estimatedCalls,
        cache_hits: total.cacheHits,
        input_tokens: total.inputTokens,
        output_tokens: total.outputTokens,
        cost_usd: total.costMicroUsd / 1e6,
        saved_usd: total.savedMicroUsd / 1e6,
      }),
    ),
    budgets: states.map(({ account, limitMicroUsd, spentMicroUsd }) => ({
      of: account.user === null ? 'tenant' : 'user',
      period: account.period,
      limit_usd: limitMicroUsd / 1e6,
      spent_usd: spentMicroUsd / 1e6,
      spent_ratio: spentMicroUsd / limitMicroUsd,
    })),
  };
}
