import { readFileSync, writeFileSync } from 'node:fs';
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
  type SimulationResult,
  simulate,
  summary,
} from '../sim/index.js';
import { EnvironmentConfigError, environments } from '../stacks/index.js';
import { EXIT_FINDINGS, EXIT_USAGE } from './exit-codes.js';
import { knownEnvironment, UnknownEnvironmentError } from './known-environment.js';

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

/** What cannot be read or written. */
export class SimulateUsageError extends Error {
  override readonly name = 'SimulateUsageError';
}

/** `armature simulate`: ends with 1 if something is saturated or an objective missed. */
export function runSimulate(env: string, options: SimulateArguments): void {
  inWords(() => {
    const result = simulated(env, options);
    if (options.html !== undefined) write(options.html, htmlReport(result));
    if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    else if (options.csv) process.stdout.write(csv(result));
    else process.stdout.write(summary(result));
    if (options.html !== undefined) process.stderr.write(`${options.html}: written\n`);
    if (result.saturations.length > 0 || result.totals.slos.some(({ met }) => !met)) process.exitCode = EXIT_FINDINGS;
  });
}

/** One run, with its progress where somebody looks. */
function simulated(env: string, { load, assume, engine, seed, tick, every }: SimulateArguments): SimulationResult {
  return simulate(environments[knownEnvironment(env)], readLoad(load), {
    assume: readAssumptions(assume),
    engine,
    seed,
    tickSeconds: tick,
    ...(every !== undefined && { everySeconds: every }),
    ...(process.stderr.isTTY && { onProgress: showProgress }),
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

export function inWords(work: () => void): void {
  try {
    work();
  } catch (error) {
    tellMendable(error);
  }
}

/** The same of work that takes its time. */
export async function inWordsLater(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    tellMendable(error);
  }
}

function tellMendable(error: unknown): void {
  if (!MENDABLE.some((kind) => error instanceof kind)) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = EXIT_USAGE;
}

export function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new SimulateUsageError(`Cannot write to "${path}": ${reasonOf(error)}.`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const BAR_WIDTH = 30;

function showProgress(share: number): void {
  const full = Math.round(share * BAR_WIDTH);
  process.stderr.write(
    share < 1 ? `\r${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${Math.round(share * 100)} %` : '\r\x1b[K',
  );
}
