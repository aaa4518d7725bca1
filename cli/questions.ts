import {
  capacity,
  compare,
  comparisonText,
  monthlyCost,
  monthlyCostText,
  parseObjective,
  readLoad,
} from '../sim/index.js';
import { environments } from '../stacks/index.js';
import { EXIT_FINDINGS } from './exit-codes.js';
import { knownEnvironment } from './known-environment.js';
import { inWords, readAssumptions } from './simulate.js';

interface Asked {
  readonly assume?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `armature compare`: two environments under one load, side by side. */
export function runCompare(
  one: string,
  other: string,
  { load, assume, json }: Asked & { readonly load: string },
): void {
  inWords(() => {
    const [One, Other] = [one, other].map((env) => environments[knownEnvironment(env)]);
    if (!One || !Other) return;
    const options = { assume: readAssumptions(assume) };
    const comparison = compare(One, Other, readLoad(load), { ...options, ...(json !== true && { totalsOnly: true }) });
    tell(comparison, comparisonText(comparison), json);
  });
}

/** `armature cost`: a month at the floors, under a load, at the ceilings. */
export function runCost(
  env: string,
  { compare: other, load, assume, json }: Asked & { readonly compare?: string; readonly load: string },
): void {
  inWords(() => {
    const names = [env, ...(other === undefined ? [] : [other])].map(knownEnvironment);
    const assumed = readAssumptions(assume);
    const wanted = readLoad(load);
    const costs = names.map((name) => monthlyCost(environments[name], wanted, assumed));
    tell(costs, monthlyCostText(costs), json);
  });
}

/** `armature capacity`: ends with 1 if the environment bears nothing. */
export function runCapacity(env: string, { slo, assume, json }: Asked & { readonly slo: readonly string[] }): void {
  inWords(() => {
    const objectives = slo.map(parseObjective);
    const found = capacity(environments[knownEnvironment(env)], { assume: readAssumptions(assume), objectives });
    const { environment, rps, breaksFirst } = found;
    const then =
      breaksFirst.length > 0 ? `Above it: ${breaksFirst.join('; ')}` : 'Nothing gives way as far as this model sees';
    tell(found, `${environment} bears ${rps} requests/s. ${then}\n`, json);
    if (rps === 0) process.exitCode = EXIT_FINDINGS;
  });
}

function tell(value: unknown, text: string, json = false): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text);
}
