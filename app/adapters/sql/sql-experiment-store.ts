import type { Kysely } from 'kysely';
import { type Experiment, experimentSchema } from '../../experiments/experiment.js';
import type { ExperimentStore, Exposure, Observation, VariantTotals } from '../../experiments/experiment-store.js';
import type { Schema } from './schema.js';

/** Experiments in a relational database. */
export class SqlExperimentStore implements ExperimentStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  async put(experiment: Experiment): Promise<void> {
    const definition = JSON.stringify(experiment);
    await this.#db
      .insertInto('experiments')
      .values({ name: experiment.name, definition })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ definition }))
      .execute();
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

  async observe({ experiment, unit, metric, value }: Observation): Promise<void> {
    await this.#db
      .insertInto('observations')
      .values({ experiment, unit, metric, count: 1, sum: value })
      .onConflict((conflict) =>
        conflict.columns(['experiment', 'metric', 'unit']).doUpdateSet((row) => ({
          count: row('observations.count', '+', 1),
          sum: row('observations.sum', '+', value),
        })),
      )
      .execute();
  }

  async forget(unit: string): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      await db.deleteFrom('observations').where('unit', '=', unit).execute();
      await db.deleteFrom('exposures').where('unit', '=', unit).execute();
    });
  }

  async totals(experiment: string, metric: string): Promise<readonly VariantTotals[]> {
    const means = this.#db
      .selectFrom('observations')
      .select((row) => ['unit', row('sum', '/', row.ref('count')).as('mean')])
      .where('experiment', '=', experiment)
      .where('metric', '=', metric)
      .as('means');
    const rows = await this.#db
      .selectFrom('exposures')
      .leftJoin(means, 'means.unit', 'exposures.unit')
      .select((row) => [
        'exposures.variant',
        row.fn.count('exposures.unit').as('units'),
        row.fn.count('means.unit').as('measuredUnits'),
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
      sum: Number(row.sum ?? 0), // nothing measured has no sum
      sumOfSquares: Number(row.sumOfSquares ?? 0),
    }));
  }
}
