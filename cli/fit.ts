import { readFileSync } from 'node:fs';
import { FitError, fitAssumptions, fitText, parseAssumptions } from '../sim/index.js';
import { inWords, readAssumptions } from './simulate.js';

/** `armature fit`: what was measured to the terminal, the assumptions that follow as JSON to the standard output. */
export function runFit(
  paths: readonly string[],
  { assume, oneProcess = false }: { readonly assume?: string | undefined; readonly oneProcess?: boolean | undefined },
): Promise<void> {
  return inWords(() => {
    const own = readAssumptions(assume);
    const fitted = fitAssumptions(
      paths.map((source) => ({ source, text: read(source) })),
      { assumed: parseAssumptions(own), oneProcess },
    );
    const services = { ...own.services, ...fitted.assume.services };
    const latencyMs = { ...own.models?.latencyMs, ...fitted.assume.models?.latencyMs };
    const models = { ...own.models, ...fitted.assume.models, latencyMs };
    process.stderr.write(fitText(fitted));
    process.stdout.write(`${JSON.stringify({ ...own, services, models }, null, 2)}\n`);
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new FitError(path, `cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
