import { beforeEach, describe, expect, it } from '@jest/globals';
import { type BudgetSpec, budgetAlerts, budgetTable, orchestrator } from '../../contract/index.js';
import { hurriedTimers } from '../../test/support/hurried-timers.js';
import { IN_MEMORY, openDatabase } from '../adapters/sql/database.js';
import { SqlLedger } from '../adapters/sql/sql-ledger.js';
import { ada, bob, eve, testOptions } from '../runtime/service.fixture.js';
import { BudgetKeeper } from './budget-keeper.js';
import { budgetsOf, reachedPercents } from './budgets.js';

const now = Date.UTC(2026, 0, 31, 23, 59);

describe('the budgets that hold for a caller', () => {
  const held = (table: readonly BudgetSpec[], owner = ada) =>
    budgetsOf(table, owner, now).map(({ account, limitMicroUsd }) => [account.user, account.period, limitMicroUsd]);

  it('are those of the tenant and of the user, by day and by month of UTC', () => {
    const table: BudgetSpec[] = [
      { tenant: '*', period: 'month', limitUsd: 100 },
      { tenant: '*', user: '*', period: 'day', limitUsd: 0.5 },
      { tenant: 'other', period: 'day', limitUsd: 1 },
    ];
    expect(held(table)).toEqual([
      [null, '2026-01', 100_000_000],
      ['ada', '2026-01-31', 500_000],
    ]);
    expect(held(table, eve)).toContainEqual([null, '2026-01-31', 1_000_000]);
  });

  it('are of several the most particular, wherever it stands', () => {
    const table: BudgetSpec[] = [
      { tenant: 'acme', user: 'ada', period: 'day', limitUsd: 3 },
      { tenant: 'acme', user: '*', period: 'day', limitUsd: 2 },
      { tenant: '*', user: 'ada', period: 'day', limitUsd: 1 },
      { tenant: '*', user: '*', period: 'day', limitUsd: 4 },
    ];
    expect(held(table)).toEqual([['ada', '2026-01-31', 3_000_000]]);
    expect(held(table, bob)).toEqual([['bob', '2026-01-31', 2_000_000]]);
    expect(held(table, eve)).toEqual([['eve', '2026-01-31', 4_000_000]]);
  });

  it('are named once each', () => {
    const budget = { tenant: 'acme', period: 'day', limitUsd: 3 };
    expect(budgetTable.safeParse([budget, { ...budget, limitUsd: 4 }]).error?.issues[0]?.message).toContain(
      'two budgets',
    );
  });

  it('tell of 50, 80 and 100 %, to the micro-dollar', () => {
    expect([49, 50, 79, 80, 99, 100, 300].map((spent) => reachedPercents(spent, 100))).toEqual([
      [],
      [50],
      [50],
      [50, 80],
      [50, 80],
      [50, 80, 100],
      [50, 80, 100],
    ]);
  });
});

describe('a keeper of budgets', () => {
  let spent: number;
  let asks: 'well' | 'dead' | 'hung';
  let waiting: number;
  let claimed: Set<string>;
  beforeEach(() => {
    [spent, asks, waiting, claimed] = [0, 'well', 0, new Set()];
  });
  const budgets: BudgetSpec[] = [{ tenant: '*', period: 'month', limitUsd: 0.0001 }];
  const make = (changes: Partial<ConstructorParameters<typeof BudgetKeeper>[0]> = {}) => {
    const { metrics, logger } = testOptions(orchestrator);
    const answer = async <T>(value: () => T): Promise<T> => {
      if (asks === 'hung') return new Promise(() => undefined);
      if (asks === 'dead') throw new Error('no connection');
      return value();
    };
    const ledger = {
      spent: () => answer(() => [spent]),
      claimAlert: (_: unknown, __: number, percent: number) =>
        answer(() => !claimed.has(String(percent)) && claimed.add(String(percent)) !== undefined),
    };
    const keeper = new BudgetKeeper({
      budgets,
      ledger,
      outbox: { waitingMicroUsd: () => waiting },
      clock: () => now,
      metrics,
      logger,
      ...changes,
    });
    const alerts = async () =>
      Object.fromEntries((await metrics.read(budgetAlerts)).map(({ labels, value }) => [labels.percent, value]));
    return { keeper, alerts };
  };

  it('lets calls be made until the limit is reached, then refuses with 402 and says when it ends', async () => {
    const { keeper } = make();
    spent = 99;
    await keeper.admit(ada);
    spent = 100;
    await expect(keeper.admit(ada)).rejects.toMatchObject({ status: 402, code: 'budget_spent' });
    await expect(keeper.admit(ada)).rejects.toThrow('of tenant acme for 2026-01 is spent: $0.000100 of $0.0001');
  });

  it('tells of each share once, of those too that one call leaps over, however many processes look', async () => {
    const [one, other] = [make(), make()];
    spent = 55;
    for (let i = 0; i < 3; i += 1) for (const { keeper } of [one, other]) await keeper.review(ada);
    spent = 130;
    for (const { keeper } of [other, one]) await keeper.review(ada);
    expect(await one.alerts()).toEqual({ '50': 1 });
    expect(await other.alerts()).toEqual({ '80': 1, '100': 1 });
  });

  it('counts what the ledger has not taken yet', async () => {
    const { keeper } = make();
    [spent, waiting] = [60, 40];
    await expect(keeper.admit(ada)).rejects.toMatchObject({ status: 402 });
  });

  it('remembers nothing of days and months that are over', async () => {
    let days = 0;
    const { keeper } = make({
      budgets: [{ tenant: '*', user: '*', period: 'day', limitUsd: 1 }, ...budgets],
      clock: () => now + days * 86_400_000,
    });
    for (; days < 100; days += 1) await keeper.admit(ada);
    expect(keeper.size).toBe(2);
  });

  it.each(['dead', 'hung'] as const)('goes by what it last knew while the ledger is %s', async (state) => {
    const { keeper } = make({ timers: hurriedTimers({ modelCallMs: 0, pausesShorter: 20 }) });
    spent = 90;
    await keeper.admit(ada);
    asks = state;
    await keeper.admit(ada);
    waiting = 10;
    await expect(keeper.admit(ada)).rejects.toMatchObject({ status: 402 });
  });
});

it('two tenants of one ledger spend each its own', async () => {
  const db = await openDatabase({ path: IN_MEMORY });
  const ledger = new SqlLedger(db);
  const call = { feature: 'chat', provider: 'p', model: 'm', kind: 'chat', basis: 'reported' } as const;
  const amounts = { inputTokens: 1, outputTokens: 1, costMicroUsd: 100, savedMicroUsd: 0 };
  await ledger.record({ id: 'a', at: now, owner: ada, ...call, ...amounts });
  const { metrics, logger } = testOptions(orchestrator);
  const keeper = new BudgetKeeper({
    budgets: [{ tenant: '*', period: 'day', limitUsd: 0.0001 }],
    ledger,
    outbox: { waitingMicroUsd: () => 0 },
    clock: () => now,
    metrics,
    logger,
  });
  await expect(keeper.admit(bob)).rejects.toMatchObject({ status: 402 });
  await keeper.admit(eve);
  await db.destroy();
});
