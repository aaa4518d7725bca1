import { sql, type Transaction } from 'kysely';
import type { SpendingAccount } from '../../ledger/ledger.js';
import type { Schema } from './schema.js';

/** No user's name is told apart from it by being empty alone: `whole` says which it is. */
export const WHOLE_TENANT = '';

/** Of a day's text, `2026-01-31`; a month's is shorter. */
const DAY_LENGTH = 10;

/** Under what an account's sum stands. */
export function accountColumns({ tenant, user, period }: SpendingAccount) {
  return { tenant, user: user ?? WHOLE_TENANT, whole: user === null ? 1 : 0, period };
}

/** What an amount adds to each of the accounts. */
export function sumsOf(accounts: readonly SpendingAccount[], microUsd: number): Schema['spending'][] {
  return accounts.map((account) => ({ ...accountColumns(account), costMicroUsd: microUsd }));
}

/**
 * Each account once, as a statement may change it, and always in the same order, so that no two writers wait for each other: tenants
 * before users, and of them days before months.
 */
function added(sums: readonly Schema['spending'][]): Schema['spending'][] {
  const byPlace = new Map<string, Schema['spending']>();
  for (const sum of sums) {
    const { tenant, user, whole, period } = sum;
    const place = JSON.stringify([1 - whole, period.length === DAY_LENGTH ? 0 : 1, tenant, user, period]);
    byPlace.set(place, { ...sum, costMicroUsd: sum.costMicroUsd + (byPlace.get(place)?.costMicroUsd ?? 0) });
  }
  return [...byPlace].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

/**
 * Removes a user's sums, one after another in the order in which whoever records a call takes them: in any other, each of the two would
 * wait for what the other holds.
 */
export async function takeSums(
  db: Transaction<Schema>,
  { tenant, user }: Pick<Schema['spending'], 'tenant' | 'user'>,
): Promise<Schema['spending'][]> {
  const account = { tenant, user, whole: 0 };
  const known = await db
    .selectFrom('spending')
    .selectAll()
    .where((row) => row.and(account))
    .execute();
  const taken: Schema['spending'][] = [];
  for (const { period } of added(known)) {
    const sum = await db
      .deleteFrom('spending')
      .where((row) => row.and({ ...account, period }))
      .returningAll()
      .executeTakeFirst();
    if (sum !== undefined) taken.push(sum);
  }
  return taken;
}

/** Adds to running sums, of which some may not be there yet. */
export async function addSums(db: Transaction<Schema>, sums: readonly Schema['spending'][]): Promise<void> {
  if (sums.length === 0) return;
  await db
    .insertInto('spending')
    .values(added(sums))
    .onConflict((conflict) =>
      conflict
        .columns(['tenant', 'user', 'whole', 'period'])
        .doUpdateSet({ costMicroUsd: sql`spending.cost_micro_usd + excluded.cost_micro_usd` }),
    )
    .execute();
}
