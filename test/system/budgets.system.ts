import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { openPostgres } from '../../app/adapters/sql/postgres-database.js';
import type { Schema } from '../../app/adapters/sql/schema.js';
import { SqlLedger } from '../../app/adapters/sql/sql-ledger.js';
import { accountsOf } from '../../app/ledger/accounts.js';
import { ada, bob } from '../../app/runtime/service.fixture.js';
import { budgetAlerts, ledgerPolicy, orchestratorApi } from '../../contract/index.js';
import { FakeProvider } from '../support/fake-provider.js';
import { startOrchestrator, type TestOrchestrator, testCost } from '../support/orchestrator.js';
import { until } from '../support/until.js';
import { type PostgresServer, startPostgres } from './postgres.js';

const REPLICAS = 3;
const AT_ONCE_EACH = 8;
/** Dollars that are reached after some 40 calls. */
const LIMIT_USD = 0.002;

let folder: string;
let postgres: PostgresServer;
let databases: Kysely<Schema>[];
let provider: FakeProvider;
let replicas: TestOrchestrator[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'armature-budgets-'));
  postgres = await startPostgres(folder);
  const open = () => openPostgres({ url: postgres.url, password: postgres.password, onError: () => undefined });
  databases = await Promise.all(Array.from({ length: REPLICAS }, open));
  provider = await FakeProvider.start({ behave: () => 'slow', costOf: testCost, slowMs: 20 });
  replicas = await Promise.all(
    databases.map((db) =>
      startOrchestrator({
        providerUrl: provider.url,
        ledger: new SqlLedger(db),
        budgets: [{ tenant: ada.tenant, period: 'month', limitUsd: LIMIT_USD }],
      }),
    ),
  );
});

afterAll(async () => {
  await Promise.all((replicas ?? []).map((one) => one.close()));
  await Promise.all((databases ?? []).map((db) => db.destroy()));
  await provider?.stop();
  await postgres?.program.stop('SIGINT');
  rmSync(folder, { recursive: true, force: true });
});

describe('a budget that three replicas spend at once from PostgreSQL', () => {
  it('is overshot by no more than the calls in flight, and every alert is given once', async () => {
    let inFlight = 0;
    let mostInFlight = 0;
    let answered = 0;
    const spend = async (replica: TestOrchestrator, n: number) => {
      for (let i = 0; ; i += 1) {
        inFlight += 1;
        mostInFlight = Math.max(mostInFlight, inFlight);
        try {
          const messages = [{ role: 'user' as const, content: `Describe part ${n} ${i}.` }];
          await replica.client.call(orchestratorApi.invoke, { body: { messages, model: 'gpt-weak' } }, callerOf(n));
          answered += 1;
        } catch (error) {
          expect(error).toMatchObject({ status: 402, code: 'budget_spent' });
          return;
        } finally {
          inFlight -= 1;
        }
      }
    };
    await Promise.all(replicas.flatMap((replica) => Array.from({ length: AT_ONCE_EACH }, (_, n) => spend(replica, n))));

    const costs = provider.invoice.map(({ costMicroUsd }) => costMicroUsd);
    const charged = costs.reduce((sum, cost) => sum + cost, 0);
    const limit = LIMIT_USD * 1e6;
    const dearest = Math.max(...costs);
    console.info(
      `Budget of ${limit} micro-dollars: ${charged} charged in ${costs.length} calls of at most ${dearest}, ${mostInFlight} at once: over by ${charged - limit}`,
    );
    expect(mostInFlight).toBe(REPLICAS * AT_ONCE_EACH);
    expect(answered).toBe(costs.length);
    expect(charged).toBeGreaterThanOrEqual(limit);
    expect(charged - limit).toBeLessThanOrEqual(mostInFlight * dearest);

    const ledger = new SqlLedger(databases[0] as Kysely<Schema>);
    expect(await ledger.spent(accountsOf(ada, Date.now()).slice(1, 2))).toEqual([charged]);
    const alerts = await Promise.all(replicas.map(({ options }) => options.metrics.read(budgetAlerts)));
    const given = alerts.flat().map(({ labels }) => Number(labels.percent));
    expect(given.sort((a, b) => a - b)).toEqual([...ledgerPolicy.alertPercents]);
  });
});

describe('a user who is forgotten while a call is booked', () => {
  it('costs neither: sums are taken in one order, whatever order they lie in', async () => {
    const [other] = databases as [Kysely<Schema>];
    // So that rows are come upon as they lie, as in a table that is small, or has no statistics yet.
    await sql`alter database postgres set enable_indexscan = off`.execute(other);
    const db = await openPostgres({ url: postgres.url, password: postgres.password, onError: () => undefined });
    databases.push(db);
    const ledger = new SqlLedger(db);
    const owner = { ...ada, tenant: 'forgetful' };
    const sumOf = (period: string) => ({ tenant: owner.tenant, user: owner.user, whole: 0, period, costMicroUsd: 1 });
    // The month lies first, then the later day.
    const periods = ['1970-01', '1970-01-02', '1970-01-01'];
    for (const period of periods) await db.insertInto('spending').values(sumOf(period)).execute();
    let forgotten: Promise<number> | undefined;
    await other.transaction().execute(async (booking) => {
      const add = (period: string) =>
        booking.updateTable('spending').set({ costMicroUsd: 2 }).where('period', '=', period).execute();
      await add('1970-01-01');
      forgotten = ledger.forgetUser(owner);
      await until('it waits for the booking', async () => {
        const { rows } = await sql`select 1 from pg_locks where not granted`.execute(booking);
        return rows.length > 0;
      });
      // As a group of calls of two days does.
      await add('1970-01-02');
      await add('1970-01');
    });
    expect(await forgotten).toBe(0);
    const account = { tenant: owner.tenant, user: owner.user };
    expect(await ledger.spent(periods.map((period) => ({ ...account, period })))).toEqual([2, 2, 2]);
  });
});

function callerOf(n: number) {
  return {
    identity: n % 2 === 0 ? ada : bob,
    requestId: `r${n}`,
    traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
    signal: new AbortController().signal,
  };
}
