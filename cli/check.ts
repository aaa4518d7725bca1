import { relative, sep } from 'node:path';
import { checkManifests, type Manifest, rules } from '../constructs/index.js';
import { textReport } from './check-report.js';
import type { CheckResult } from './check-result.js';
import { EXIT_FINDINGS, EXIT_USAGE } from './exit-codes.js';
import { type ManifestFile, readManifestFiles } from './manifest-files.js';

export interface CheckOptions {
  readonly format: 'text' | 'json';
  /** Ids of rules to leave out. */
  readonly skip?: readonly string[] | undefined;
}

/** The command line asks for what is not there. */
export class CheckUsageError extends Error {
  override readonly name = 'CheckUsageError';
}

/** `armature check`: tells what is wrong with manifests, and ends with 1 if any of it is an error. */
export function runCheck(folder: string, { format, skip }: CheckOptions): void {
  try {
    const result = check(folder, skip);
    process.stdout.write(format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : textReport(result));
    if (result.errors > 0) process.exitCode = EXIT_FINDINGS;
  } catch (error) {
    if (!(error instanceof CheckUsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT_USAGE;
  }
}

/**
 * Checks the manifests below a folder, in the order of their files.
 *
 * @param skip ids of rules to leave out.
 * @throws {CheckUsageError} if there is no such folder, no manifest in it, or no such rule.
 */
export function check(folder: string, skip: readonly string[] = []): CheckResult {
  const unknown = skip.filter((id) => !rules.some((rule) => rule.id === id));
  if (unknown.length > 0) {
    throw new CheckUsageError(
      `--skip: there is no rule "${unknown.join('", "')}". There are: ${rules.map(({ id }) => id).join(', ')}.`,
    );
  }
  const files = read(folder);
  const table = rules.filter(({ id }) => !skip.includes(id));
  const sets = setsOf(folder, files).map((set) => set.flatMap(({ manifests }) => manifests));
  const found = [...files.flatMap(({ findings }) => findings), ...sets.flatMap((set) => checkManifests(set, table))];
  const place = new Map(files.map(({ path }, i) => [path, i]));
  const findings = found.sort((a, b) => (place.get(a.file ?? '') ?? 0) - (place.get(b.file ?? '') ?? 0));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const objects = files.reduce((sum, { manifests }) => sum + manifests.length, 0);
  return { findings, objects, errors, warnings: findings.length - errors };
}

function read(folder: string): readonly ManifestFile[] {
  let files: readonly ManifestFile[];
  try {
    files = readManifestFiles(folder);
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new CheckUsageError(`Cannot read "${folder}": ${error.message}. Fix: name a folder of manifests.`);
  }
  if (files.every(({ manifests, findings }) => manifests.length + findings.length === 0)) {
    throw new CheckUsageError(`There is no manifest (*.yaml, *.yml, *.json) below "${folder}".`);
  }
  return files;
}

function isFileSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error;
}

/**
 * Files that are applied together. Usually all of them; where two sub-folders hold the same object they are alternatives, such as
 * environments, and each is a set of its own.
 */
function setsOf(folder: string, files: readonly ManifestFile[]): readonly (readonly ManifestFile[])[] {
  const bySubFolder = new Map<string, ManifestFile[]>();
  for (const file of files) {
    const [first = '', ...rest] = relative(folder, file.path).split(sep);
    const subFolder = rest.length > 0 ? first : '';
    bySubFolder.set(subFolder, [...(bySubFolder.get(subFolder) ?? []), file]);
  }
  const groups = [...bySubFolder.values()];
  const identities = groups.flatMap((group) => [...new Set(group.flatMap(({ manifests }) => manifests.map(identity)))]);
  return new Set(identities).size < identities.length ? groups : [files];
}

function identity({ value }: Manifest): string {
  const { name, namespace } = (value.metadata ?? {}) as { name?: unknown; namespace?: unknown };
  return JSON.stringify([value.apiVersion, value.kind, namespace, name]);
}
