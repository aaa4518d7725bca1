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
import { valueAt, variantPriors, variantTotals } from './experiment-statistics.js';
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
    const { experiment, sender, unit, id, metric, value, at } = outcome;
    const session = unit === sender ? null : unit;
    return this.#db.transaction().execute(async (db) => {
      const first = await db
        .insertInto('outcomes')
        .values({ experiment, unit: sender, session, id, metric, value, at })
        .onConflict((conflict) => conflict.columns(['experiment', 'unit', 'id']).doNothing())
        .returning('id')
        .executeTakeFirst();
      if (first !== undefined) {
        await addObservation(db, outcome);
        return 'recorded';
      }
      const known = await db
        .selectFrom('outcomes')
        .select(['session', 'metric', 'value'])
        .where('experiment', '=', experiment)
        .where('unit', '=', sender)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const isSame = known.session === session && known.metric === metric && known.value === value;
      return isSame ? 'repeated' : 'different';
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

  totals(experiment: string, metric: string): Promise<readonly VariantTotals[]> {
    return variantTotals(this.#db, experiment, metric);
  }

  priors(experiment: string, metric: string): Promise<readonly VariantPrior[]> {
    return variantPriors(this.#db, experiment, metric);
  }

  valueAt(of: Parameters<ExperimentStore['valueAt']>[0], rank: number): Promise<number | undefined> {
    return valueAt(this.#db, of, rank);
  }
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
