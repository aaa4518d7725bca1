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

/** What was spent, by whom, on which model. */
export interface Ledger {
  record(entry: LedgerEntry): Promise<void>;
  /** Totals by model, ordered by model. @param filter empty fields match all; `from` inclusive, `to` exclusive */
  totals(filter: { readonly tenant?: string; readonly user?: string; readonly from?: number; readonly to?: number }): Promise<readonly LedgerTotal[]>;
}
