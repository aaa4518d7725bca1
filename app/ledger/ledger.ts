import type { Identity } from '../runtime/identity.js';

/** One model call that cost tokens. */
export interface LedgerEntry {
  /** UUIDv7 of the call: recording it twice counts once. */
  readonly id: string;
  readonly at: number;
  readonly owner: Identity;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicroUsd: number;
}

export interface LedgerTotal {
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicroUsd: number;
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

/** What was spent, by whom, on which model. */
export interface Ledger {
  /** @throws {RangeError} if an amount is not a whole number from 0 */
  record(entry: LedgerEntry): Promise<void>;
  /** Takes a user's name out of its entries; what was spent stays in the tenant's totals. @returns how many entries there were */
  forgetUser(owner: Pick<Identity, 'tenant' | 'user'>): Promise<number>;
  /** Totals by model, ordered by model; a model without calls is left out. */
  totals(filter: LedgerFilter): Promise<readonly LedgerTotal[]>;
}
