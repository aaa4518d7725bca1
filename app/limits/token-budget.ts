import type { TierSpec } from '../../contract/index.js';

export type BudgetPolicy = Pick<TierSpec, 'tokensPerMinute'>;

/** A token is this many units, and a millisecond brings back `tokensPerMinute` of them: whole numbers throughout, nothing rounds. */
const UNITS_PER_TOKEN = 60_000;
const MINUTE_MS = 60_000;

/** What was spent and had not come back at a time, in {@link UNITS_PER_TOKEN units}. A budget that was never used is `undefined`. */
export type BudgetState = { readonly spent: number; readonly at: number } | undefined;

/**
 * What is set aside for a request: its estimate, and never more than the whole budget. One that may need more waits until the
 * budget is full, and owes the rest when it is settled: whatever is refused can be waited for.
 */
export function reservationOf(tokens: number, { tokensPerMinute }: BudgetPolicy): number {
  return Math.min(tokens, tokensPerMinute);
}

/** Milliseconds until so many tokens are there; 0 when they are. What costs nothing waits for no debt. */
export function budgetWaitMs(state: BudgetState, clockNow: number, reserved: number, policy: BudgetPolicy): number {
  const { spent, at } = spentBy(state, clockNow, policy);
  const over = spent + (reserved - policy.tokensPerMinute) * UNITS_PER_TOKEN;
  return reserved === 0 || over <= 0 ? 0 : Math.ceil(over / policy.tokensPerMinute) + (at - clockNow);
}

/** The budget after its clock was set back: by less than a minute it counts as standing still, by more it comes back from now on. */
export function rebasedBudget(state: BudgetState, clockNow: number): BudgetState {
  return state !== undefined && state.at - clockNow > MINUTE_MS ? { ...state, at: clockNow } : state;
}

/** The budget with so many tokens less; with fewer than 0, some are given back. */
export function spendTokens(state: BudgetState, clockNow: number, tokens: number, policy: BudgetPolicy): BudgetState {
  const { spent, at } = spentBy(state, clockNow, policy);
  return { spent: Math.max(0, spent + tokens * UNITS_PER_TOKEN), at };
}

/** Whole tokens that are there, and the milliseconds until all are. */
export function budgetStanding(state: BudgetState, clockNow: number, policy: BudgetPolicy) {
  const { spent, at } = spentBy(state, clockNow, policy);
  return {
    remaining: Math.max(0, Math.floor(policy.tokensPerMinute - spent / UNITS_PER_TOKEN)),
    resetMs: spent === 0 ? 0 : Math.ceil(spent / policy.tokensPerMinute) + (at - clockNow),
  };
}

/** What is still spent by now. A clock that steps back counts as standing still. */
function spentBy(state: BudgetState, clockNow: number, { tokensPerMinute }: BudgetPolicy) {
  if (state === undefined) return { spent: 0, at: clockNow };
  const at = Math.max(clockNow, state.at);
  return { spent: Math.max(0, state.spent - (at - state.at) * tokensPerMinute), at };
}
