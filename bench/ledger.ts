import { reconcile } from '../app/ledger/reconcile.js';
import { runUnderFaults } from '../test/support/ledger-under-faults.js';
import { judge } from './comparison.js';

/**
 * Sends random requests to a provider that fails now and then, and holds the ledger against its invoice.
 * Usage: `npx tsx bench/ledger.ts [REQUESTS]`.
 */
const requests = Number(process.argv[2] ?? 10_000);
const run = await runUnderFaults({ requests, concurrency: 60, seed: 11, faultRatio: 0.15 });

const reported = run.invoice.flatMap((line) => {
  const entry = run.entries.get(line.id);
  return entry?.basis === 'reported' ? [{ entry, line }] : [];
});
const difference = reported.reduce((sum, { entry, line }) => sum + Math.abs(entry.costMicroUsd - line.costMicroUsd), 0);
const estimated = [...run.entries.values()].filter(({ basis }) => basis === 'estimated');
const count = (ids: readonly unknown[]) => ids.length.toLocaleString('en');

console.log(`${count([...Array(requests)])} requests, ${run.calls} calls of the provider, ${run.cacheHits} cache hits`);
console.log(`outcomes: ${JSON.stringify(run.outcomes)}`);
console.log(`charged: ${run.invoice.length}; booked by usage: ${reported.length}; estimated: ${estimated.length}`);
judge('calls that may be charged and are not booked', run.unbooked.length, 0, 'calls');
judge('difference where usage arrived', difference, 0, 'micro-dollars');

const props = { ledger: run.ledger, invoice: run.invoice, provider: 'openai', from: 0, to: Date.now() + 1 };
const { estimates, unknown, notInvoiced, differenceBefore, differenceAfter } = await reconcile(props);
const charged = estimates.filter(({ invoicedMicroUsd }) => invoicedMicroUsd > 0);
const of = charged.reduce((sum, { invoicedMicroUsd }) => sum + invoicedMicroUsd, 0);
const off = charged.reduce((sum, one) => sum + Math.abs(one.bookedMicroUsd - one.invoicedMicroUsd), 0);
console.log(
  `estimates: ${charged.length} charged, off by ${off} of ${of} micro-dollars (${((100 * off) / of).toFixed(0)} %); ${estimates.length - charged.length} not charged`,
);
console.log(`difference before the invoice: ${differenceBefore} micro-dollars`);
judge('difference after it', Math.abs(differenceAfter), 0, 'micro-dollars');
judge('calls that only one side knows', unknown.length + notInvoiced.length, 0, 'calls');
const again = await reconcile(props);
judge('entries that a second import changes', again.estimates.length + again.corrected.length, 0, 'entries');
await run.close();
// Node's fetch keeps connections of requests that were given up.
process.exit();
