import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FaultyLedger, runUnderFaults } from '../../test/support/ledger-under-faults.js';
import { accountsOf } from './accounts.js';
import { reconcile } from './reconcile.js';

describe('the ledger of calls to a provider that fails now and then', () => {
  let run: FaultyLedger;
  beforeAll(async () => {
    // So few at once that a busy machine is not taken for a provider that is late.
    run = await runUnderFaults({ requests: 300, concurrency: 20, seed: 7, faultRatio: 0.15 });
  }, 60_000);
  afterAll(() => run?.close());

  it('met every fault, and answered all the same', () => {
    expect(new Set(run.behaviours.values()).size).toBe(11);
    expect(run.outcomes.answered).toBeGreaterThan(150);
    expect(run.outcomes.aborted).toBeGreaterThan(0);
    expect(run.cacheHits).toBeGreaterThan(0);
  });

  it('has each call that was charged, and by the same amounts wherever the usage came', () => {
    expect(run.unbooked).toEqual([]);
    const missing = run.invoice.filter(({ id }) => !run.entries.has(id));
    expect(missing).toEqual([]);
    const different = run.invoice.filter((line) => {
      const entry = run.entries.get(line.id);
      return (
        entry?.basis === 'reported' &&
        (entry.costMicroUsd !== line.costMicroUsd ||
          entry.inputTokens !== line.inputTokens ||
          entry.outputTokens !== line.outputTokens)
      );
    });
    expect(different).toEqual([]);
  });

  it('has nothing beside them but estimates of calls that the provider never ended', () => {
    const invoiced = new Set(run.invoice.map(({ id }) => id));
    const beside = [...run.entries.values()].filter(({ id }) => !invoiced.has(id));
    expect(beside.filter(({ basis }) => basis !== 'estimated')).toEqual([]);
    // Or whose client went away before the provider began.
    expect(beside.length).toBeLessThan(run.entries.size / 10);
  });

  it('settles to the invoice to the last micro-dollar, and a second time changes nothing', async () => {
    const props = { ledger: run.ledger, invoice: run.invoice, provider: 'openai', from: 0, to: Date.now() + 1 };
    const first = await reconcile(props);
    expect(first).toMatchObject({ lines: run.invoice.length, corrected: [], unknown: [], notInvoiced: [] });
    expect(first.estimates.length).toBeGreaterThan(0);
    expect(first.differenceAfter).toBe(0);
    const again = await reconcile(props);
    expect(again).toMatchObject({ agreed: run.invoice.length, estimates: [], differenceBefore: 0, differenceAfter: 0 });
    const invoiced = run.invoice.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
    expect(await run.ledger.totals({}, [])).toMatchObject([{ costMicroUsd: invoiced, estimatedCalls: 0 }]);
    const months = ['acme', 'other'].flatMap((tenant) =>
      accountsOf({ tenant, user: '' }, Date.now()).filter(({ user, period }) => user === null && period.length === 7),
    );
    const spent = await run.ledger.spent(months);
    expect(spent.reduce((sum, one) => sum + one, 0)).toBe(invoiced);
  });
});
