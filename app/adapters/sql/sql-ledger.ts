import type { Kysely } from 'kysely';
import type { Ledger, LedgerEntry, LedgerFilter, LedgerTotal } from '../../ledger/ledger.js';
import type { Schema } from './schema.js';

/** Spending in a relational database. */
export class SqlLedger implements Ledger {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  async record({ id, at, owner, model, inputTokens, outputTokens, costMicroUsd }: LedgerEntry): Promise<void> {
    const amounts = { inputTokens, outputTokens, costMicroUsd };
    assertWhole(id, amounts);
    await this.#db
      .insertInto('ledgerEntries')
      .values({ id, at, tenant: owner.tenant, user: owner.user, tier: owner.tier, model, ...amounts })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  }

  async forgetUser({ tenant, user }: Parameters<Ledger['forgetUser']>[0]): Promise<number> {
    const renamed = await this.#db
      .updateTable('ledgerEntries')
      .set({ user: '' })
      .where('tenant', '=', tenant)
      .where('user', '=', user)
      .executeTakeFirst();
    return Number(renamed.numUpdatedRows);
  }

  async totals({ tenant, user, from, to }: LedgerFilter): Promise<readonly LedgerTotal[]> {
    let query = this.#db.selectFrom('ledgerEntries');
    if (tenant !== undefined) query = query.where('tenant', '=', tenant);
    if (user !== undefined) query = query.where('user', '=', user);
    if (from !== undefined) query = query.where('at', '>=', from);
    if (to !== undefined) query = query.where('at', '<', to);
    const rows = await query
      .select(({ fn }) => [
        'model',
        fn.countAll().as('calls'),
        fn.sum('inputTokens').as('inputTokens'),
        fn.sum('outputTokens').as('outputTokens'),
        fn.sum('costMicroUsd').as('costMicroUsd'),
      ])
      .groupBy('model')
      .orderBy('model')
      .execute();
    return rows.map((row) => ({
      model: row.model,
      calls: Number(row.calls), // PostgreSQL gives counts and sums as text
      inputTokens: Number(row.inputTokens),
      outputTokens: Number(row.outputTokens),
      costMicroUsd: Number(row.costMicroUsd),
    }));
  }
}

function assertWhole(id: string, amounts: Readonly<Record<string, number>>): void {
  for (const [name, amount] of Object.entries(amounts)) {
    if (Number.isSafeInteger(amount) && amount >= 0) continue;
    throw new RangeError(
      `Ledger entry ${id}: ${name} is ${amount}; tokens and micro-dollars are whole numbers from 0.`,
    );
  }
}
