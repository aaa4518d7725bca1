import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import * as z from 'zod';
import { SqlExperimentStore } from '../app/adapters/sql/sql-experiment-store.js';
import { experimentSchema } from '../app/experiments/experiment.js';
import { layerProblem } from '../app/experiments/layer.js';
import { effectOnProportion, planExperiment } from '../app/experiments/plan-experiment.js';
import { EXIT_USAGE } from './exit-codes.js';
import { CommandError, type DatabasePlace, withDatabase } from './with-database.js';

const COMMAND = 'armature experiment';

/** `armature experiment put`: the next message is answered by it. */
export async function runPutExperiment(
  file: string,
  { by, ...place }: DatabasePlace & { readonly by: string },
): Promise<void> {
  const read = readDefinition(file);
  if (!read.success) {
    process.stderr.write(`${file} is no experiment:\n${z.prettifyError(read.error)}\n`);
    process.exitCode = EXIT_USAGE;
    return;
  }
  await withDatabase(COMMAND, place, async (db) => {
    const { name, active } = read.data;
    const experiments = new SqlExperimentStore(db);
    const problem = layerProblem(read.data, await experiments.list());
    if (problem !== undefined) throw new CommandError(`${file} is not put: ${problem}`);
    await experiments.put(read.data, by, Date.now());
    print(`${name} is as ${file} says${active ? '' : ', and assigns nobody: active is false'}`);
  });
}

/** `armature experiment history`: who changed what, the latest last. */
export function runExperimentHistory(name: string, place: DatabasePlace): Promise<void> {
  return withDatabase(COMMAND, place, async (db) => {
    const changes = await new SqlExperimentStore(db).changes(name);
    if (changes.length === 0) throw new CommandError(`Nothing is told of an experiment "${name}".`);
    for (const { at, by, before, after } of changes)
      print(JSON.stringify({ at: new Date(at).toISOString(), by, before, after }));
  });
}

export interface PlanOptions {
  readonly from: number;
  readonly to: number;
  readonly unitsPerDay: number;
  readonly power: number;
  readonly alpha: number;
}

/** `armature experiment plan`, of a proportion. */
export function runPlanExperiment({ from, to, unitsPerDay, power, alpha }: PlanOptions): void {
  if (!(from > 0 && from < 1 && to > 0 && to < 1 && from !== to)) {
    process.stderr.write('--from and --to are two different shares between 0 and 1, such as 0.20 and 0.23.\n');
    process.exitCode = EXIT_USAGE;
    return;
  }
  const effect = effectOnProportion(from, to);
  const once = planExperiment(effect, { power, alpha, unitsPerDay, tunedForUnits: 1 });
  // Narrowest where a single look would be taken: what is found is mostly found around then.
  const tunedForUnits = 2 * once.unitsPerVariant;
  const plan = planExperiment(effect, { power, alpha, unitsPerDay, tunedForUnits });
  print(`one look at the end: ${plan.unitsPerVariant} units a variant, ${plan.days} days`);
  print(
    `looked at as often as you like: at most ${plan.alwaysValidUnitsPerVariant} units a variant, ${plan.alwaysValidDays} days, with plannedUnits: ${tunedForUnits}`,
  );
}

function readDefinition(file: string) {
  let content: unknown;
  try {
    content = load(readFileSync(file, 'utf8')); // JSON is YAML
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return {
      success: false as const,
      error: new z.ZodError([{ code: 'custom', path: [], message: why, input: file }]),
    };
  }
  return experimentSchema.safeParse(content);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
