import { type Kysely, sql } from 'kysely';
import { sha256Of } from '../../cache/canonical-json.js';
import { accountsOf } from '../../ledger/accounts.js';
import type {
  Ledger,
  LedgerAmounts,
  LedgerBasis,
  LedgerDimension,
  LedgerEntry,
  LedgerFilter,
  LedgerTotal,
  SpendingAccount,
} from '../../ledger/ledger.js';
import { GroupedWrites } from './grouped-writes.js';
import { recordEntries } from './record-entries.js';
import type { LedgerRow, Schema } from './schema.js';
import { accountColumns, addSums, sumsOf, takeSums, WHOLE_TENANT } from './spending-sums.js';

const DAY_MS = 86_400_000;
/** In one statement: a database takes so many parameters only. */
const ENTRIES_TOGETHER = 500;
/** Longer than the database itself gives a statement. */
const WRITE_TIMEOUT_MS = 20_000;

/** Spending in a relational database: an entry for each call, and a running sum for each account, changed together. */
export class SqlLedger implements Ledger {
  readonly #db: Kysely<Schema>;
  /** Every call of a tenant changes its sums: written one by one, each would wait for the one before it to be on disk. */
  readonly #writes: GroupedWrites<LedgerEntry>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
    this.#writes = new GroupedWrites((entries) => recordEntries(db, entries), ENTRIES_TOGETHER, {
      timeoutMs: WRITE_TIMEOUT_MS,
    });
  }

  async record(entry: LedgerEntry): Promise<void> {
    const { inputTokens, outputTokens, costMicroUsd, savedMicroUsd } = entry;
    assertWhole(entry.id, { inputTokens, outputTokens, costMicroUsd, savedMicroUsd });
    await this.#writes.add(entry);
  }

  async forgetUser({ tenant, user }: Parameters<Ledger['forgetUser']>[0]): Promise<number> {
    return this.#db.transaction().execute(async (db) => {
      const renamed = await db
        .updateTable('ledgerEntries')
        .set({ user: NOBODY })
        .where('tenant', '=', tenant)
        .where('user', '=', user)
        .executeTakeFirst();
      await db.deleteFrom('budgetAlerts').where('tenant', '=', tenant).where('user', '=', user).execute();
      const sums = await takeSums(db, { tenant, user });
      await addSums(
        db,
        sums.map((sum) => ({ ...sum, user: forgottenName({ tenant, user }) })),
      );
      return Number(renamed.numUpdatedRows);
    });
  }

  async totals(filter: LedgerFilter, by: readonly LedgerDimension[]): Promise<readonly LedgerTotal[]> {
    const { tenant, user, from, to } = filter;
    let query = this.#db.selectFrom('ledgerEntries');
    if (tenant !== undefined) query = query.where('tenant', '=', tenant);
    if (user !== undefined) query = query.where('user', '=', user);
    if (from !== undefined) query = query.where('at', '>=', from);
    if (to !== undefined) query = query.where('at', '<', to);
    const keys = by.map((dimension) =>
      // SQLite and PostgreSQL both divide integers to an integer; as text it has a constant width until the year 2243.
      (dimension === 'day' ? sql<string>`cast(at / ${sql.lit(DAY_MS)} as text)` : sql.ref<string>(dimension)).as(
        `by_${dimension}`,
      ),
    );
    const order = by.map((_, i) => sql.lit(i + 1));
    let summed = query
      .select(keys)
      .select(({ fn }) => [
        sql<number>`sum(case when kind = 'cache-hit' then 0 else 1 end)`.as('calls'),
        sql<number>`sum(case when kind = 'cache-hit' then 1 else 0 end)`.as('cacheHits'),
        sql<number>`sum(case when basis = 'estimated' and kind != 'cache-hit' then 1 else 0 end)`.as('estimatedCalls'),
        fn.sum('inputTokens').as('inputTokens'),
        fn.sum('outputTokens').as('outputTokens'),
        fn.sum('costMicroUsd').as('costMicroUsd'),
        fn.sum('savedMicroUsd').as('savedMicroUsd'),
        fn.countAll().as('entries'),
      ]);
    if (order.length > 0) summed = summed.groupBy(order).orderBy(sql`${sql.join(order)}`);
    const rows = (await summed.execute()) as unknown as Record<string, unknown>[];
    return rows
      .filter((row) => Number(row.entries) > 0) // without a grouping there is one row even of nothing
      .map((row) => ({
        of: Object.fromEntries(by.map((dimension) => [dimension, told(dimension, row[`by${capital(dimension)}`])])),
        // PostgreSQL gives counts and sums as text
        calls: Number(row.calls),
        cacheHits: Number(row.cacheHits),
        estimatedCalls: Number(row.estimatedCalls),
        inputTokens: Number(row.inputTokens),
        outputTokens: Number(row.outputTokens),
        costMicroUsd: Number(row.costMicroUsd),
        savedMicroUsd: Number(row.savedMicroUsd),
      }));
  }

  async spent(accounts: readonly SpendingAccount[]): Promise<readonly number[]> {
    if (accounts.length === 0) return [];
    const rows = await this.#db
      .selectFrom('spending')
      .selectAll()
      .where((row) =>
        row.or(
          accounts.map(({ tenant, user, period }) =>
            row.and([
              row.and({ tenant, period, whole: user === null ? 1 : 0 }),
              row('user', 'in', namesOf({ tenant, user })),
            ]),
          ),
        ),
      )
      .execute();
    return accounts.map(({ tenant, user, period }) => {
      const names = namesOf({ tenant, user });
      return rows
        .filter(
          (row) =>
            row.tenant === tenant &&
            row.period === period &&
            row.whole === (user === null ? 1 : 0) &&
            names.includes(row.user),
        )
        .reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
    });
  }

  async claimAlert(account: SpendingAccount, limitMicroUsd: number, percent: number): Promise<boolean> {
    const written = await this.#db
      .insertInto('budgetAlerts')
      .values({ ...accountColumns(account), limitMicroUsd, percent })
      .onConflict((conflict) => conflict.doNothing())
      .returning('percent')
      .execute();
    return written.length > 0;
  }

  async find(ids: readonly string[]): Promise<readonly LedgerEntry[]> {
    if (ids.length === 0) return [];
    const rows = await this.#db.selectFrom('ledgerEntries').selectAll().where('id', 'in', ids).execute();
    return rows.map(entryOf);
  }

  async callsOn(
    basis: LedgerBasis,
    { provider, from, to }: { readonly provider: string; readonly from: number; readonly to: number },
  ): Promise<readonly LedgerEntry[]> {
    const rows = await this.#db
      .selectFrom('ledgerEntries')
      .selectAll()
      .where('basis', '=', basis)
      .where('provider', '=', provider)
      .where('kind', '!=', 'cache-hit')
      .where('at', '>=', from)
      .where('at', '<', to)
      .execute();
    return rows.map(entryOf);
  }

  async settle(id: string, { inputTokens, outputTokens, costMicroUsd }: LedgerAmounts): Promise<void> {
    const amounts = { inputTokens, outputTokens, costMicroUsd };
    assertWhole(id, amounts);
    await this.#db.transaction().execute(async (db) => {
      // Writing first takes the row's lock, so that of two at once the second sees what the first has written.
      await db.updateTable('ledgerEntries').set({ basis: 'invoiced' }).where('id', '=', id).execute();
      const row = await db.selectFrom('ledgerEntries').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
      await db.updateTable('ledgerEntries').set(amounts).where('id', '=', id).execute();
      const difference = costMicroUsd - row.costMicroUsd;
      if (difference === 0) return;
      // Of whom nobody knows any more whose it was, only the tenant's sums can follow.
      const accounts = accountsOf(row, row.at).filter(({ user }) => user !== NOBODY);
      await addSums(db, sumsOf(accounts, difference));
    });
  }
}

/** Whose entries have lost their user's name. */
const NOBODY = '';

/**
 * Whose sums are those of a user who was forgotten. They say no name, and hold the user to a budget all the same: whoever has spent one would
 * else ask to be forgotten, and have it anew.
 */
function forgottenName(user: { readonly tenant: string; readonly user: string }): string {
  return `forgotten:${sha256Of([user.tenant, user.user])}`;
}

/** The names that the sums of an account stand under. */
function namesOf({ tenant, user }: Pick<SpendingAccount, 'tenant' | 'user'>): readonly string[] {
  return user === null ? [WHOLE_TENANT] : [user, forgottenName({ tenant, user })];
}

function entryOf({ tenant, user, tier, ...entry }: LedgerRow): LedgerEntry {
  return { ...entry, owner: { tenant, user, tier } };
}

function told(dimension: LedgerDimension, value: unknown): string {
  return dimension === 'day' ? new Date(Number(value) * DAY_MS).toISOString().slice(0, 10) : String(value);
}

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}

function assertWhole(id: string, amounts: LedgerAmounts & Partial<Pick<LedgerEntry, 'savedMicroUsd'>>): void {
  for (const [name, amount] of Object.entries(amounts)) {
    if (Number.isSafeInteger(amount) && amount >= 0) continue;
    throw new RangeError(
      `Ledger entry ${id}: ${name} is ${amount}; tokens and micro-dollars are whole numbers from 0.`,
    );
  }
}
