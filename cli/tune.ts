import {
  parseObjective,
  readLoad,
  type TuneStep,
  type Tuning,
  tuning,
  tuningReport,
  tuningText,
} from '../sim/index.js';
import { environments } from '../stacks/index.js';
import { driven } from './driven.js';
import { EXIT_FINDINGS, EXIT_INTERRUPTED } from './exit-codes.js';
import { knownEnvironment } from './known-environment.js';
import { assertPlace, writeOutput } from './output-file.js';
import { inWords, readAssumptions } from './simulate.js';

export interface TuneArguments {
  readonly load: string;
  readonly slo: readonly string[];
  readonly assume?: string | undefined;
  readonly seed: number;
  readonly json?: boolean | undefined;
  readonly html?: string | undefined;
}

/** `armature tune`: ends with 1 if no setting keeps the objectives; an interrupted search tells what it has found. */
export async function runTune(env: string, options: TuneArguments): Promise<void> {
  await inWords(async () => {
    assertPlace(options.html);
    const search = tuning(environments[knownEnvironment(env)], readLoad(options.load), {
      objectives: options.slo.map(parseObjective),
      assume: readAssumptions(options.assume),
      seed: options.seed,
    });
    const isWhole = (await driven(search.steps, progressOf)) !== undefined;
    const found = search.found();
    if (!isWhole) process.exitCode = EXIT_INTERRUPTED;
    if (!found) {
      process.stderr.write('Interrupted before the first setting was tried: nothing is known yet.\n');
      return;
    }
    tell(found, options);
    if (isWhole && !found.best.isKept) process.exitCode = EXIT_FINDINGS;
  });
}

function progressOf({ phase, tried, best }: TuneStep): string {
  const money = best ? `$${Math.round(best.monthlyUsd)} a month` : 'nothing yet';
  return `${phase}: ${tried} settings tried; best ${money}${best && !best.isKept ? ', which breaks the objectives' : ''}`;
}

function tell(found: Tuning, { json, html }: TuneArguments): void {
  // First what was searched for minutes: a page that cannot be written takes nothing of it away.
  process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : tuningText(found));
  if (html !== undefined) writeOutput(html, tuningReport(found));
}
