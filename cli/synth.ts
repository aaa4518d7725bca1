import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ENVIRONMENT_NAMES,
  EnvironmentConfigError,
  environments,
  type Manifests,
  manifestsOf,
} from '../stacks/index.js';
import { EXIT_USAGE } from './exit-codes.js';
import { knownEnvironment, UnknownEnvironmentError } from './known-environment.js';
import { ORIGINS_FILE, originsText } from './origins-file.js';

export interface SynthOptions {
  /** Name of one environment. @default all of them */
  readonly env?: string | undefined;
  /** Folder that gets one folder for each environment. */
  readonly out: string;
}

/** The folder cannot be written to. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  constructor(
    readonly out: string,
    override readonly cause: unknown,
  ) {
    super(`Cannot write to "${out}": ${cause instanceof Error ? cause.message : String(cause)}. Fix: another --out.`);
  }
}

/** What the person at the terminal can mend: told in words, without a stack trace. */
const MENDABLE = [UnknownEnvironmentError, EnvironmentConfigError, OutputError];

/** `armature synth`: writes the YAML, and tells what was written and which Secrets it waits for. */
export function runSynth(options: SynthOptions): void {
  try {
    for (const { name, namespace, files, requiredSecrets, warnings } of synth(options)) {
      process.stderr.write(`${join(options.out, name)}: ${files.size} files, in the order of their names\n`);
      const keys = requiredSecrets.map(({ secret, key }) => `${secret}/${key}`).join(', ');
      for (const warning of warnings) process.stderr.write(`  warning: ${warning}\n`);
      process.stderr.write(`  needs Secrets in namespace ${namespace}: ${keys}\n`);
    }
  } catch (error) {
    if (!MENDABLE.some((kind) => error instanceof kind)) throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = EXIT_USAGE;
  }
}

/**
 * Writes the YAML of environments into `<out>/<environment>/`. Everything is synthesised before the first file is written, and each
 * folder takes the place of its predecessor whole: a failure leaves what was there.
 *
 * @returns what was written, in the order of the environments.
 * @throws {UnknownEnvironmentError | EnvironmentConfigError} before anything is written.
 * @throws {OutputError} if the folder cannot be written to.
 */
export function synth({ env, out }: SynthOptions): readonly Manifests[] {
  const names = env === undefined ? ENVIRONMENT_NAMES : [knownEnvironment(env)];
  const all = names.map((name) => manifestsOf(environments[name]));
  const folders = all.map(({ name, files, origins }) => {
    return { name, files: new Map([...files, [ORIGINS_FILE, originsText(origins())]]) };
  });
  try {
    mkdirSync(out, { recursive: true });
    for (const { name, files } of folders) replaceFolder(join(out, name), files);
  } catch (cause) {
    throw new OutputError(out, cause);
  }
  return all;
}

/** Beside its place and not in the system's temporary folder, for a rename works within one file system only. */
function replaceFolder(folder: string, files: ReadonlyMap<string, string>): void {
  const fresh = `${folder}.${randomUUID()}`;
  try {
    mkdirSync(fresh);
    for (const [name, text] of files) writeFileSync(join(fresh, name), text);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
