import { statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SimulateUsageError } from './simulate-usage-error.js';

/** Asked before work of minutes: whether there is a place for the file that it is to write. @throws {SimulateUsageError} */
export function assertPlace(path: string | undefined): void {
  if (path === undefined) return;
  const folder = dirname(path);
  if (kindOf(folder) !== 'folder') {
    const said = kindOf(folder) === undefined ? 'there is no folder' : 'no folder is';
    throw new SimulateUsageError(`Cannot write to "${path}": ${said} "${folder}". Make it first, or name another.`);
  }
  if (path === '' || kindOf(path) === 'folder') {
    throw new SimulateUsageError(`Cannot write to "${path}": it is a folder. Name a file in it, such as report.html.`);
  }
}

/** @throws {SimulateUsageError} */
export function writeOutput(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new SimulateUsageError(`Cannot write to "${path}": ${error instanceof Error ? error.message : error}.`);
  }
  process.stderr.write(`${path}: written\n`);
}

function kindOf(path: string): 'folder' | 'file' | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && (found.isDirectory() ? 'folder' : 'file');
}
