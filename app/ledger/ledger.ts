import type { Identity } from '../runtime/identity.js';

/** What was called; a cache hit is a call that was spared. */
export type CallKind = 'chat' | 'embedding' | 'cache-hit';

/** What an entry's figures rest on: the provider's usage, our own tokenizer, or the provider's invoice. */
export type LedgerBasis = 'reported' | 'estimated' | 'invoiced';

/** What a call used and cost. */
export interface LedgerAmounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicroUsd: number;
}

/** One call of a provider, or one that a cache spared. */
export interface LedgerEntry extends LedgerAmounts {
  /** UUIDv7 of the call, which the provider is told too: recording it twice counts once. */
  readonly id: string;
  readonly at: number;
  readonly owner: Identity;
  /** What the tokens were spent for, such as `chat` or `agent`. */
  readonly feature: string;
  readonly provider: string;
  readonly model: string;
  readonly kind: CallKind;
  readonly basis: LedgerBasis;
  /** What a cache hit would have cost. */
  readonly savedMicroUsd: number;
}

/** By what totals are told apart. A day is that of UTC, as `2026-01-31`. */
export const LEDGER_DIMENSIONS = ['tenant', 'user', 'model', 'feature', 'day'] as const;
export type LedgerDimension = (typeof LEDGER_DIMENSIONS)[number];

export interface LedgerTotal extends LedgerAmounts {
  /** The dimensions that were asked for. */
  readonly of: Readonly<Partial<Record<LedgerDimension, string>>>;
  /** Calls of providers. */
  readonly calls: number;
  readonly cacheHits: number;
  /** Calls whose figures are estimates so far. */
  readonly estimatedCalls: number;
  readonly savedMicroUsd: number;
}

/** What to add up. @default every entry, for each field that is absent */
export interface LedgerFilter {
  readonly tenant?: string;
  readonly user?: string;
  /** Milliseconds since the epoch, inclusive. */
  readonly from?: number;
  /** Milliseconds since the epoch, exclusive. */
  readonly to?: number;
}

/** Whose spending in which period. */
export interface SpendingAccount {
  readonly tenant: string;
  /** `null`: all of the tenant's users together. */
  readonly user: string | null;
  /** `2026-01` or `2026-01-31`, of UTC. */
  readonly period: string;
}

/** What was spent, by whom, on which model. */
export interface Ledger {
  /** @throws {RangeError} if an amount is not a whole number from 0 */
  record(entry: LedgerEntry): Promise<void>;
  /** Takes a user's name out of its entries; what was spent stays in the tenant's totals, and counts against budgets. @returns how many entries there were */
  forgetUser(owner: Pick<Identity, 'tenant' | 'user'>): Promise<number>;
  /** Totals by the dimensions, ordered by them; what has no entry is left out. */
  totals(filter: LedgerFilter, by: readonly LedgerDimension[]): Promise<readonly LedgerTotal[]>;
  /** Micro-dollars spent, account by account. */
  spent(accounts: readonly SpendingAccount[]): Promise<readonly number[]>;
  /** Whether this is the first time that an account is said to have reached a share of this limit. */
  claimAlert(account: SpendingAccount, limitMicroUsd: number, percent: number): Promise<boolean>;
  /** The entries of these ids that there are, in no order. */
  find(ids: readonly string[]): Promise<readonly LedgerEntry[]>;
  /** A provider's calls by what their figures rest on. */
  callsOn(
    basis: LedgerBasis,
    of: { readonly provider: string; readonly from: number; readonly to: number },
  ): Promise<readonly LedgerEntry[]>;
  /** Gives an entry the amounts of the provider's invoice, and the accounts the difference: of a user who was forgotten, the tenant's. */
  settle(id: string, amounts: LedgerAmounts): Promise<void>;
}
