import { CompiledQuery, type Kysely, PostgresAdapter } from 'kysely';
import { accountsOf, periodOf } from '../../ledger/accounts.js';
import type { LedgerEntry } from '../../ledger/ledger.js';
import type { LedgerRow, Schema } from './schema.js';
import { addSums, sumsOf, WHOLE_TENANT } from './spending-sums.js';

/** Writes entries and adds to the sums of their accounts, both or neither. An entry that is there already changes nothing. */
export async function recordEntries(db: Kysely<Schema>, entries: readonly LedgerEntry[]): Promise<void> {
  // A statement may not meet a row twice, and who writes the same ones again meets them in the same order: neither waits for the other's.
  const once = [...new Map(entries.map((entry) => [entry.id, entry])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  if (db.getExecutor().adapter instanceof PostgresAdapter) await inOneStatement(db, once);
  else await inOneTransaction(db, once);
}

/**
 * One trip to PostgreSQL instead of a transaction's four. The rows go as JSON, so that it is the same statement however many they are, prepared once. The
 * accounts are those of `accountsOf`, taken in the order of `addSums`, so that no two writers wait for each other.
 */
const RECORD = `
  -- record ledger entries
  with entry as materialized (
    select * from json_to_recordset($1) as entry (
      id text, at bigint, tenant text, "user" text, tier text, feature text, provider text, model text, kind text, basis text,
      "inputTokens" bigint, "outputTokens" bigint, "costMicroUsd" bigint, "savedMicroUsd" bigint, day text, month text)
  ), written as (
    insert into ledger_entries (id, at, tenant, "user", tier, feature, provider, model, kind, basis,
      input_tokens, output_tokens, cost_micro_usd, saved_micro_usd)
    select id, at, tenant, "user", tier, feature, provider, model, kind, basis,
      "inputTokens", "outputTokens", "costMicroUsd", "savedMicroUsd" from entry
    on conflict (id) do nothing
    returning id
  )
  insert into spending (tenant, "user", whole, period, cost_micro_usd)
  select tenant, account."user", whole, period, sum("costMicroUsd")
  from entry join written using (id) cross join lateral
    (values ('${WHOLE_TENANT}', 1, day), ('${WHOLE_TENANT}', 1, month), (entry."user", 0, day), (entry."user", 0, month))
    as account ("user", whole, period)
  where "costMicroUsd" > 0
  group by tenant, account."user", whole, period
  order by whole desc, length(period) desc, tenant, account."user", period
  on conflict (tenant, "user", whole, period)
  do update set cost_micro_usd = spending.cost_micro_usd + excluded.cost_micro_usd`;

async function inOneStatement(db: Kysely<Schema>, entries: readonly LedgerEntry[]): Promise<void> {
  const rows = entries.map((entry) => ({
    ...rowOf(entry),
    day: periodOf(entry.at, 'day'),
    month: periodOf(entry.at, 'month'),
  }));
  await db.executeQuery(CompiledQuery.raw(RECORD, [jsonOf(rows)]));
}

/** Half a pair of UTF-16 is in JSON what PostgreSQL refuses, for ever: it becomes what it does in any other parameter, U+FFFD. */
function jsonOf(value: unknown): string {
  const json = JSON.stringify(value);
  if (!json.includes('\\ud')) return json;
  return JSON.stringify(value, (_, item) => (typeof item === 'string' ? Buffer.from(item).toString() : item));
}

/** SQLite changes no table within a query of another. */
async function inOneTransaction(db: Kysely<Schema>, entries: readonly LedgerEntry[]): Promise<void> {
  await db.transaction().execute(async (within) => {
    const written = await within
      .insertInto('ledgerEntries')
      .values(entries.map(rowOf))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .execute();
    const fresh = new Set(written.map(({ id }) => id));
    await addSums(within, entries.filter(({ id }) => fresh.has(id)).flatMap(sharesOf));
  });
}

/** What an entry adds to its accounts. */
function sharesOf({ owner, at, costMicroUsd }: LedgerEntry) {
  return costMicroUsd === 0 ? [] : sumsOf(accountsOf(owner, at), costMicroUsd);
}

function rowOf({ owner, ...entry }: LedgerEntry): LedgerRow {
  return { ...entry, tenant: owner.tenant, user: owner.user, tier: owner.tier };
}
