import { type AssumptionsInput, diurnalLoad, type SimulationResult, simulate } from 'armature/sim';
import { Frankfurt } from './your-own-environment.js';

/** Half of what people ask here was asked before, and nobody asks for code. */
const assume: AssumptionsInput = {
  caches: { answerHits: 0.5 },
  requests: { tiers: { free: 0.9, premium: 0.1, enterprise: 0 }, answerTokens: 150 },
};

/** A usual day: what your environment's own test can hold it to. */
export function usualDay(): SimulationResult {
  return simulate(Frankfurt, diurnalLoad(0.05, 0.5), { assume, tickSeconds: 5, totalsOnly: true });
}
