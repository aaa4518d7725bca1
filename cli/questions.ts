import {
  type Capacity,
  type CapacityStep,
  type Comparison,
  comparing,
  comparisonText,
  monthlyCost,
  monthlyCostText,
  parseObjective,
  readLoad,
  seekingCapacity,
  summary,
} from '../sim/index.js';
import { environments } from '../stacks/index.js';
import { barOf, driven } from './driven.js';
import { EXIT_FINDINGS, EXIT_INTERRUPTED } from './exit-codes.js';
import { knownEnvironment } from './known-environment.js';
import { inWords, readAssumptions } from './simulate.js';

interface Asked {
  readonly assume?: string | undefined;
  readonly json?: boolean | undefined;
}

export interface CompareArguments extends Asked {
  readonly load: string;
  readonly tick: number;
}

/** `armature compare`: two environments under one load, side by side; interrupted, what is known of the first. */
export async function runCompare(
  one: string,
  other: string,
  { load, assume, tick, json }: CompareArguments,
): Promise<void> {
  await inWords(async () => {
    const [One, Other] = [environments[knownEnvironment(one)], environments[knownEnvironment(other)]];
    const options = { assume: readAssumptions(assume), tickSeconds: tick, ...(json !== true && { totalsOnly: true }) };
    const { steps, found } = comparing(One, Other, readLoad(load), options);
    const isWhole = await driven(steps, barOf);
    const comparison = found();
    if (isWhole) return tell(comparison, comparisonText(comparison as Comparison), json);
    process.exitCode = EXIT_INTERRUPTED;
    if (!comparison.one)
      return void process.stderr.write(`Interrupted before ${one} was through: nothing is known yet.\n`);
    process.stderr.write(`Interrupted before ${other} was through: this is ${one} alone.\n`);
    tell(comparison, summary(comparison.one), json);
  });
}

/** `armature cost`: a month at the floors, under a load, at the ceilings. */
export async function runCost(
  env: string,
  { compare: other, load, assume, json }: Asked & { readonly compare?: string; readonly load: string },
): Promise<void> {
  await inWords(() => {
    const names = [env, ...(other === undefined ? [] : [other])].map(knownEnvironment);
    const assumed = readAssumptions(assume);
    const wanted = readLoad(load);
    const costs = names.map((name) => monthlyCost(environments[name], wanted, assumed));
    tell(costs, monthlyCostText(costs), json);
  });
}

/** `armature capacity`: ends with 1 if the environment bears nothing; an interrupted search tells what it has found. */
export async function runCapacity(
  env: string,
  { slo, assume, json }: Asked & { readonly slo: readonly string[] },
): Promise<void> {
  await inWords(async () => {
    const objectives = slo.map(parseObjective);
    const options = { assume: readAssumptions(assume), objectives };
    const search = seekingCapacity(environments[knownEnvironment(env)], options);
    const isWhole = (await driven(search.steps, progressOf)) !== undefined;
    const found = search.found();
    if (!isWhole) process.exitCode = EXIT_INTERRUPTED;
    if (!found)
      return void process.stderr.write('Interrupted before the first rate was tried: nothing is known yet.\n');
    tell(found, capacityText(found, isWhole), json);
    if (isWhole && found.rps === 0) process.exitCode = EXIT_FINDINGS;
  });
}

function capacityText({ environment, rps, breaksFirst }: Capacity, isWhole: boolean): string {
  const borne = `${environment} bears ${rps} requests/s${isWhole ? '' : ' at least; the search was interrupted'}.`;
  if (breaksFirst.length > 0) return `${borne} Above it: ${breaksFirst.join('; ')}\n`;
  return `${borne} Nothing gives way as far as ${isWhole ? 'this model sees' : 'it came'}\n`;
}

function progressOf({ tried, borneRps, brokenRps }: CapacityStep): string {
  const broken = brokenRps === undefined ? '' : `, and not ${brokenRps.toPrecision(3)}`;
  return `${tried} rates tried; bears ${borneRps.toPrecision(3)} requests/s${broken}`;
}

function tell(value: unknown, text: string, json = false): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text);
}
