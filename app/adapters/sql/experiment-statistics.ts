import type { Kysely } from 'kysely';
import type { VariantPrior, VariantTotals } from '../../experiments/experiment-store.js';
import type { Schema } from './schema.js';

/** Over the means of each exposed unit. */
export async function variantTotals(
  db: Kysely<Schema>,
  experiment: string,
  metric: string,
): Promise<readonly VariantTotals[]> {
  const means = db
    .selectFrom('observations')
    .select((row) => ['unit', row('sum', '/', row.ref('count')).as('mean')])
    .where('experiment', '=', experiment)
    .where('metric', '=', metric)
    .where('count', '>', 0)
    .as('means');
  const rows = await db
    .selectFrom('exposures')
    .leftJoin(means, 'means.unit', 'exposures.unit')
    .select((row) => [
      'exposures.variant',
      row.fn.count('exposures.unit').as('units'),
      row.fn.count('means.unit').as('measuredUnits'),
      row.fn.sum(row.case().when('means.mean', '>', 0).then(row.lit(1)).else(row.lit(0)).end()).as('successes'),
      row.fn.sum('means.mean').as('sum'),
      row.fn.sum(row('means.mean', '*', row.ref('means.mean'))).as('sumOfSquares'),
    ])
    .where('exposures.experiment', '=', experiment)
    .groupBy('exposures.variant')
    .orderBy('exposures.variant')
    .execute();
  return rows.map((row) => ({
    variant: row.variant,
    units: Number(row.units), // PostgreSQL gives counts as text
    measuredUnits: Number(row.measuredUnits),
    successes: Number(row.successes),
    sum: Number(row.sum ?? 0), // nothing measured has no sum
    sumOfSquares: Number(row.sumOfSquares ?? 0),
  }));
}

/** Over the units that were observed before they were exposed as well. */
export async function variantPriors(
  db: Kysely<Schema>,
  experiment: string,
  metric: string,
): Promise<readonly VariantPrior[]> {
  const pairs = db
    .selectFrom('observations')
    .innerJoin('exposures', (join) =>
      join
        .onRef('exposures.unit', '=', 'observations.unit')
        .onRef('exposures.experiment', '=', 'observations.experiment'),
    )
    .select((row) => [
      'exposures.variant',
      row('observations.sum', '/', row.ref('observations.count')).as('after'),
      row('observations.priorSum', '/', row.ref('observations.priorCount')).as('before'),
    ])
    .where('observations.experiment', '=', experiment)
    .where('observations.metric', '=', metric)
    .where('observations.count', '>', 0)
    .where('observations.priorCount', '>', 0)
    .as('pairs');
  const rows = await db
    .selectFrom(pairs)
    .select((row) => [
      'variant',
      row.fn.countAll().as('units'),
      row.fn.sum('before').as('sum'),
      row.fn.sum(row('before', '*', row.ref('before'))).as('sumOfSquares'),
      row.fn.sum(row('before', '*', row.ref('after'))).as('sumOfProducts'),
      row.fn.sum('after').as('sumAfter'),
    ])
    .groupBy('variant')
    .orderBy('variant')
    .execute();
  return rows.map(({ variant, ...sums }) => ({ variant, ...numbers(sums) }));
}

/** The mean of the unit of that rank, the smallest first. */
export async function valueAt(
  db: Kysely<Schema>,
  of: { readonly experiment: string; readonly metric: string; readonly variant: string },
  rank: number,
): Promise<number | undefined> {
  const found = await db
    .selectFrom('observations')
    .innerJoin('exposures', (join) =>
      join
        .onRef('exposures.unit', '=', 'observations.unit')
        .onRef('exposures.experiment', '=', 'observations.experiment'),
    )
    .select((row) => row('observations.sum', '/', row.ref('observations.count')).as('mean'))
    .where('observations.experiment', '=', of.experiment)
    .where('observations.metric', '=', of.metric)
    .where('observations.count', '>', 0)
    .where('exposures.variant', '=', of.variant)
    .orderBy('mean')
    .limit(1)
    .offset(rank - 1)
    .executeTakeFirst();
  return found === undefined ? undefined : Number(found.mean);
}

/** PostgreSQL gives counts and sums as text. */
function numbers<K extends string>(row: Readonly<Record<K, string | number | bigint>>): Record<K, number> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Number(value)])) as Record<K, number>;
}
