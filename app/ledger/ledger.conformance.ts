import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { Ledger, LedgerEntry } from './ledger.js';

/** A ledger under test. */
export interface LedgerFixture {
  readonly ledger: Ledger;
  /** @default nothing to close */
  close?(): Promise<void>;
}

const ada = { tenant: 'acme', user: 'ada', tier: 'premium' } as const;

function entryOf(changes: Partial<LedgerEntry> = {}): LedgerEntry {
  const amounts = { inputTokens: 100, outputTokens: 20, costMicroUsd: 240 };
  return { id: newId(), at: 1_000, owner: ada, model: 'gpt-x', ...amounts, ...changes };
}

/** What every ledger does. `make` gives an empty one. */
export function describeLedger(name: string, make: () => Promise<LedgerFixture>): void {
  describe(`${name} as a ledger`, () => {
    let fixture: LedgerFixture;
    let ledger: Ledger;
    beforeEach(async () => {
      fixture = await make();
      ledger = fixture.ledger;
    });
    afterEach(async () => fixture.close?.());

    const callsOf = async (filter: Parameters<Ledger['totals']>[0]) =>
      (await ledger.totals(filter)).reduce((sum, { calls }) => sum + calls, 0);

    it('has no totals at first', async () => {
      expect(await ledger.totals({})).toEqual([]);
    });

    it('adds up by model, ordered by model', async () => {
      await ledger.record(entryOf({ model: 'gpt-y', costMicroUsd: 7 }));
      await ledger.record(entryOf());
      await ledger.record(entryOf({ inputTokens: 0, outputTokens: 1, costMicroUsd: 0 }));
      expect(await ledger.totals({})).toEqual([
        { model: 'gpt-x', calls: 2, inputTokens: 100, outputTokens: 21, costMicroUsd: 240 },
        { model: 'gpt-y', calls: 1, inputTokens: 100, outputTokens: 20, costMicroUsd: 7 },
      ]);
    });

    it('takes a user’s name out, and keeps what the tenant spent', async () => {
      await ledger.record(entryOf());
      await ledger.record(entryOf({ model: 'gpt-y' }));
      const others = [
        { ...ada, user: 'bob' },
        { ...ada, tenant: 'globex' },
      ];
      for (const owner of others) await ledger.record(entryOf({ owner }));
      const before = await ledger.totals({ tenant: 'acme' });
      expect(await ledger.forgetUser(ada)).toBe(2);
      expect(await callsOf({ tenant: 'acme', user: 'ada' })).toBe(0);
      expect(await ledger.totals({ tenant: 'acme' })).toEqual(before);
      for (const { tenant, user } of others) expect(await callsOf({ tenant, user })).toBe(1);
      expect(await ledger.forgetUser(ada)).toBe(0);
    });

    it('counts a call once, however often and by however many it is recorded', async () => {
      const entry = entryOf();
      await Promise.all(Array.from({ length: 5 }, () => ledger.record(entry)));
      await ledger.record({ ...entry, costMicroUsd: 999 });
      expect(await ledger.totals({})).toEqual([
        { model: 'gpt-x', calls: 1, inputTokens: 100, outputTokens: 20, costMicroUsd: 240 },
      ]);
    });

    it('adds up great sums to the last micro-dollar', async () => {
      const billionUsd = 1_000_000_000_000_000;
      for (const costMicroUsd of [billionUsd, billionUsd, 1]) await ledger.record(entryOf({ costMicroUsd }));
      expect(await ledger.totals({})).toMatchObject([{ costMicroUsd: 2 * billionUsd + 1 }]);
    });

    it('tells tenants and users apart', async () => {
      await ledger.record(entryOf());
      await ledger.record(entryOf({ owner: { ...ada, user: 'bob' } }));
      await ledger.record(entryOf({ owner: { ...ada, tenant: 'globex' } }));
      expect(await callsOf({})).toBe(3);
      expect(await callsOf({ tenant: 'acme' })).toBe(2);
      expect(await callsOf({ user: 'ada' })).toBe(2);
      expect(await callsOf({ tenant: 'acme', user: 'ada' })).toBe(1);
      expect(await ledger.totals({ tenant: 'nobody' })).toEqual([]);
    });

    it('takes in its beginning and leaves out its end', async () => {
      for (const at of [999, 1_000, 1_001, 2_000]) await ledger.record(entryOf({ at }));
      expect(await callsOf({ from: 1_000, to: 2_000 })).toBe(2);
      expect(await callsOf({ from: 1_000 })).toBe(3);
      expect(await callsOf({ to: 1_000 })).toBe(1);
      expect(await callsOf({ from: 0, to: 0 })).toBe(0);
    });

    it('refuses amounts that are not whole or below 0, naming them', async () => {
      for (const bad of [0.5, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
        await expect(ledger.record(entryOf({ costMicroUsd: bad }))).rejects.toThrow(`costMicroUsd is ${bad}`);
        await expect(ledger.record(entryOf({ outputTokens: bad }))).rejects.toThrow(`outputTokens is ${bad}`);
      }
      expect(await ledger.totals({})).toEqual([]);
    });
  });
}
