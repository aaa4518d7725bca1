import { expect, it } from '@jest/globals';
import { IN_MEMORY, openDatabase } from '../../adapters/sql/database.js';
import { SqlLedger } from '../../adapters/sql/sql-ledger.js';
import { ada, bob } from '../../runtime/service.fixture.js';
import { usageReport } from './usage-report.js';

it("tells a user's own spending of whole days, and nobody else's", async () => {
  const db = await openDatabase({ path: IN_MEMORY });
  const ledger = new SqlLedger(db);
  const call = { provider: 'p', model: 'm', kind: 'chat', basis: 'reported' } as const;
  const amounts = { inputTokens: 1, outputTokens: 1, costMicroUsd: 100, savedMicroUsd: 0 };
  const last = Date.UTC(2026, 0, 31, 23, 59, 59, 999);
  const book = (id: string, at: number, owner = ada, feature = 'chat') =>
    ledger.record({ id, at, owner, feature, ...call, ...amounts });
  await book('a', last);
  await book('b', last + 1);
  await book('c', last, bob);
  await book('d', Date.UTC(2026, 0, 1), ada, 'agent');
  const deps = { ledger, budgets: { states: async () => [] }, clock: () => last };
  const report = await usageReport(deps, ada, {});
  expect([report.from, report.to, report.calls, report.cost_usd]).toEqual(['2026-01-01', '2026-01-31', 2, 0.0002]);
  expect(report.rows.map(({ day, feature, calls }) => [day, feature, calls])).toEqual([
    ['2026-01-01', 'agent', 1],
    ['2026-01-31', 'chat', 1],
  ]);
  await expect(usageReport(deps, ada, { from: '2026-02-01' })).rejects.toMatchObject({ status: 400, param: 'from' });
  await db.destroy();
});
