import { readFileSync } from 'node:fs';
import {
  AssumptionsError,
  type AssumptionsInput,
  csv,
  FitError,
  htmlReport,
  LoadError,
  ObjectiveError,
  parseAssumptions,
  readLoad,
  simulation,
  summary,
} from '../sim/index.js';
import { EnvironmentConfigError, environments } from '../stacks/index.js';
import { barOf, driven } from './driven.js';
import { EXIT_FINDINGS, EXIT_INTERRUPTED, EXIT_USAGE } from './exit-codes.js';
import { knownEnvironment, UnknownEnvironmentError } from './known-environment.js';
import { assertPlace, writeOutput } from './output-file.js';
import { SimulateUsageError } from './simulate-usage-error.js';

export interface SimulateArguments {
  /** A load's name or file. */
  readonly load: string;
  readonly assume?: string | undefined;
  readonly engine: 'fluid' | 'discrete';
  readonly seed: number;
  readonly tick: number;
  readonly every?: number | undefined;
  readonly json?: boolean | undefined;
  readonly csv?: boolean | undefined;
  readonly html?: string | undefined;
}

/** `armature simulate`: ends with 1 if something is saturated or an objective missed. */
export async function runSimulate(env: string, options: SimulateArguments): Promise<void> {
  await inWords(async () => {
    assertPlace(options.html);
    const { load, assume, engine, seed, tick, every } = options;
    const run = simulation(environments[knownEnvironment(env)], readLoad(load), {
      ...{ assume: readAssumptions(assume), engine, seed, tickSeconds: tick },
      ...(every !== undefined && { everySeconds: every }),
    });
    const end = await driven(run, barOf);
    if (!end) {
      process.stderr.write('Interrupted: nothing is told of a load that has not gone by.\n');
      process.exitCode = EXIT_INTERRUPTED;
      return;
    }
    const { result } = end;
    if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    else if (options.csv) process.stdout.write(csv(result));
    else process.stdout.write(summary(result));
    if (result.saturations.length > 0 || result.totals.slos.some(({ met }) => !met)) process.exitCode = EXIT_FINDINGS;
    if (options.html !== undefined) writeOutput(options.html, htmlReport(result));
  });
}

/** @throws {SimulateUsageError | AssumptionsError} */
export function readAssumptions(path: string | undefined): AssumptionsInput {
  if (path === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new SimulateUsageError(`Cannot read the assumptions in "${path}": ${reasonOf(error)}. It is a JSON file.`);
  }
  parseAssumptions(value, path);
  return value as AssumptionsInput;
}

/** What the person at the terminal can mend: told in words, without a stack trace. */
const MENDABLE = [
  ...[UnknownEnvironmentError, EnvironmentConfigError, LoadError, AssumptionsError, ObjectiveError],
  ...[FitError, SimulateUsageError],
];

/** Does the work, and tells what of it the person can mend. */
export async function inWords(work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!MENDABLE.some((kind) => error instanceof kind)) throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = EXIT_USAGE;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
