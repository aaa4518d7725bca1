import type { Kysely } from 'kysely';
import { type Experiment, experimentSchema } from '../../experiments/experiment.js';
import type {
  ExperimentChange,
  ExperimentStore,
  Exposure,
  Observation,
  Outcome,
  OutcomeReceipt,
  VariantPrior,
  VariantTotals,
} from '../../experiments/experiment-store.js';
import type { Schema } from './schema.js';

/** Experiments in a relational database. */
export class SqlExperimentStore implements ExperimentStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  async put(experiment: Experiment, by: string, at: number): Promise<void> {
    const { name } = experiment;
    const definition = JSON.stringify(experiment);
    await this.#db.transaction().execute(async (db) => {
      // Holds the row until the change is written, so that changes at the same time follow each other.
      await db.updateTable('experiments').set({ name }).where('name', '=', name).execute();
      const known = await db.selectFrom('experiments').select('definition').where('name', '=', name).executeTakeFirst();
      if (known?.definition === definition) return;
      await db
        .insertInto('experiments')
        .values({ name, definition })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ definition }))
        .execute();
      const { count } = await db
        .selectFrom('experimentChanges')
        .select((row) => row.fn.countAll().as('count'))
        .where('experiment', '=', name)
        .executeTakeFirstOrThrow();
      await db
        .insertInto('experimentChanges')
        .values({
          experiment: name,
          number: Number(count) + 1,
          at,
          by,
          before: known?.definition ?? null,
          after: definition,
        })
        .execute();
    });
  }

  async changes(experiment: string): Promise<readonly ExperimentChange[]> {
    const rows = await this.#db
      .selectFrom('experimentChanges')
      .select(['at', 'by', 'before', 'after'])
      .where('experiment', '=', experiment)
      .orderBy('number')
      .execute();
    return rows.map(({ at, by, before, after }) => ({
      at: Number(at),
      by,
      before: before === null ? null : experimentSchema.parse(JSON.parse(before)),
      after: experimentSchema.parse(JSON.parse(after)),
    }));
  }

  async list(): Promise<readonly Experiment[]> {
    const rows = await this.#db.selectFrom('experiments').select('definition').orderBy('name').execute();
    return rows.map(({ definition }) => experimentSchema.parse(JSON.parse(definition)));
  }

  async expose({ experiment, variant, unit, at }: Exposure): Promise<boolean> {
    const first = await this.#db
      .insertInto('exposures')
      .values({ experiment, variant, unit, at })
      .onConflict((conflict) => conflict.columns(['experiment', 'unit']).doNothing())
      .returning('unit')
      .executeTakeFirst();
    return first !== undefined;
  }

  async exposedVariants(unit: string): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#db
      .selectFrom('exposures')
      .select(['experiment', 'variant'])
      .where('unit', '=', unit)
      .execute();
    return new Map(rows.map(({ experiment, variant }) => [experiment, variant]));
  }

  async exposedUnits(experiment: string, since: number): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#db
      .selectFrom('exposures')
      .select((row) => ['variant', row.fn.countAll().as('units')])
      .where('experiment', '=', experiment)
      .where('at', '>=', since)
      .groupBy('variant')
      .execute();
    return new Map(rows.map(({ variant, units }) => [variant, Number(units)]));
  }

  observe(observation: Observation): Promise<void> {
    return addObservation(this.#db, observation);
  }

  async recordOutcome(outcome: Outcome): Promise<OutcomeReceipt> {
    const { experiment, unit, id, metric, value, at } = outcome;
    return this.#db.transaction().execute(async (db) => {
      const first = await db
        .insertInto('outcomes')
        .values({ experiment, unit, id, metric, value, at })
        .onConflict((conflict) => conflict.columns(['experiment', 'unit', 'id']).doNothing())
        .returning('id')
        .executeTakeFirst();
      if (first !== undefined) {
        await addObservation(db, outcome);
        return 'recorded';
      }
      const known = await db
        .selectFrom('outcomes')
        .select(['metric', 'value'])
        .where('experiment', '=', experiment)
        .where('unit', '=', unit)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return known.metric === metric && known.value === value ? 'repeated' : 'different';
    });
  }

  async forget(unit: string, prefix?: string): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      for (const table of ['outcomes', 'observations', 'exposures'] as const) {
        await db
          .deleteFrom(table)
          .where((row) =>
            row.or([
              row('unit', '=', unit),
              ...(prefix ? [row.and([row('unit', '>=', prefix), row('unit', '<', after(prefix))])] : []),
            ]),
          )
          .execute();
      }
    });
  }

  async totals(experiment: string, metric: string): Promise<readonly VariantTotals[]> {
    const means = this.#db
      .selectFrom('observations')
      .select((row) => ['unit', row('sum', '/', row.ref('count')).as('mean')])
      .where('experiment', '=', experiment)
      .where('metric', '=', metric)
      .where('count', '>', 0)
      .as('means');
    const rows = await this.#db
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

  async priors(experiment: string, metric: string): Promise<readonly VariantPrior[]> {
    const pairs = this.#db
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
    const rows = await this.#db
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

  async valueAt(
    of: { readonly experiment: string; readonly metric: string; readonly variant: string },
    rank: number,
  ): Promise<number | undefined> {
    const found = await this.#db
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
}

/** PostgreSQL gives counts and sums as text. */
function numbers<K extends string>(row: Readonly<Record<K, string | number | bigint>>): Record<K, number> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Number(value)])) as Record<K, number>;
}

/** What comes before the unit's exposure is no effect of it, and is kept by itself. */
async function addObservation(db: Kysely<Schema>, { experiment, unit, metric, value }: Observation): Promise<void> {
  const exposed = await db
    .selectFrom('exposures')
    .select('unit')
    .where('experiment', '=', experiment)
    .where('unit', '=', unit)
    .executeTakeFirst();
  const [after, before] = exposed ? [1, 0] : [0, 1];
  await db
    .insertInto('observations')
    .values({
      experiment,
      unit,
      metric,
      count: after,
      sum: after * value,
      priorCount: before,
      priorSum: before * value,
    })
    .onConflict((conflict) =>
      conflict.columns(['experiment', 'metric', 'unit']).doUpdateSet((row) => ({
        count: row('observations.count', '+', after),
        sum: row('observations.sum', '+', after * value),
        priorCount: row('observations.priorCount', '+', before),
        priorSum: row('observations.priorSum', '+', before * value),
      })),
    )
    .execute();
}

/** The first text after all those that begin with `prefix`, in the order of their bytes; its last sign is ASCII. */
function after(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
