import type { Ledger, LedgerAmounts, LedgerEntry } from './ledger.js';

/** One line of a provider's invoice: a call that it charges for. */
export interface InvoiceLine extends LedgerAmounts {
  /** The id that the call was made with. */
  readonly id: string;
}

export interface ReconcileProps {
  readonly ledger: Pick<Ledger, 'find' | 'callsOn' | 'settle'>;
  readonly invoice: readonly InvoiceLine[];
  readonly provider: string;
  /** Time that the invoice is of, from and to (exclusive): an estimated call in it that is not on the invoice was not charged. */
  readonly from: number;
  readonly to: number;
}

/** How far the ledger was from the invoice, and is. */
export interface Reconciliation {
  readonly lines: number;
  /** Entries that said the same already. */
  readonly agreed: number;
  /** Entries by the provider's usage that said something else: a fault of theirs or ours. */
  readonly corrected: readonly Correction[];
  /** Estimates that the invoice replaced; `invoicedMicroUsd` is 0 for a call that was not charged. */
  readonly estimates: readonly Correction[];
  /** On the invoice and not in the ledger, or there as another provider's. */
  readonly unknown: readonly InvoiceLine[];
  /** In the ledger by the provider's usage and not on the invoice. Left as they are. */
  readonly notInvoiced: readonly LedgerEntry[];
  /** Ledger minus invoice over its time, in micro-dollars, before and after. After, only what is unknown or not invoiced is left. */
  readonly differenceBefore: number;
  readonly differenceAfter: number;
}

export interface Correction {
  readonly id: string;
  readonly bookedMicroUsd: number;
  readonly invoicedMicroUsd: number;
}

const NOT_CHARGED: LedgerAmounts = { inputTokens: 0, outputTokens: 0, costMicroUsd: 0 };
const BATCH = 500;

/** Holds the ledger against an invoice and takes the invoice's amounts over. Doing it again changes nothing. */
export async function reconcile({ ledger, invoice, provider, from, to }: ReconcileProps): Promise<Reconciliation> {
  const entries = new Map<string, LedgerEntry>();
  for (let start = 0; start < invoice.length; start += BATCH) {
    const ids = invoice.slice(start, start + BATCH).map(({ id }) => id);
    for (const entry of await ledger.find(ids)) if (entry.provider === provider) entries.set(entry.id, entry);
  }
  const invoiced = new Set(invoice.map(({ id }) => id));
  const period = { provider, from, to };
  const absent = async (basis: 'estimated' | 'reported') =>
    (await ledger.callsOn(basis, period)).filter(({ id }) => !invoiced.has(id));
  const [uncharged, notInvoiced] = [await absent('estimated'), await absent('reported')];

  const unknown = invoice.filter(({ id }) => !entries.has(id));
  const pairs = invoice.flatMap((line) => {
    const entry = entries.get(line.id);
    return entry === undefined ? [] : [{ entry, line: line as LedgerAmounts }];
  });
  const all = [...pairs, ...uncharged.map((entry) => ({ entry, line: NOT_CHARGED }))];
  const changed = all.filter(({ entry, line }) => entry.basis === 'estimated' || !isSame(entry, line));
  for (const { entry, line } of changed) await ledger.settle(entry.id, line);

  const difference = (pair: (typeof all)[number]) => pair.entry.costMicroUsd - pair.line.costMicroUsd;
  const unsettled = notInvoiced.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
  const missing = unknown.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
  const corrections = (estimated: boolean) =>
    changed.filter(({ entry }) => (entry.basis === 'estimated') === estimated).map(correctionOf);
  return {
    lines: invoice.length,
    agreed: all.length - changed.length,
    corrected: corrections(false),
    estimates: corrections(true),
    unknown,
    notInvoiced,
    differenceBefore: all.reduce((sum, pair) => sum + difference(pair), unsettled - missing),
    differenceAfter: unsettled - missing,
  };
}

function isSame(a: LedgerAmounts, b: LedgerAmounts): boolean {
  return a.inputTokens === b.inputTokens && a.outputTokens === b.outputTokens && a.costMicroUsd === b.costMicroUsd;
}

function correctionOf({ entry, line }: { entry: LedgerEntry; line: LedgerAmounts }): Correction {
  return { id: entry.id, bookedMicroUsd: entry.costMicroUsd, invoicedMicroUsd: line.costMicroUsd };
}
