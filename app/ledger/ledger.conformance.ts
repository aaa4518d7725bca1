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
  const amounts = { inputTokens: 100, outputTokens: 20, costMicroUsd: 240, savedMicroUsd: 0 };
  const call = { feature: 'chat', provider: 'openai', model: 'gpt-x', kind: 'chat', basis: 'reported' } as const;
  return { id: newId(), at: 1_000, owner: ada, ...call, ...amounts, ...changes };
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
      (await ledger.totals(filter, [])).reduce((sum, { calls }) => sum + calls, 0);
    const spentBy = async (user: string | null, period = '1970-01') =>
      (await ledger.spent([{ tenant: 'acme', user, period }]))[0];

    it('has no totals at first', async () => {
      expect(await ledger.totals({}, ['model'])).toEqual([]);
      expect(await ledger.totals({}, [])).toEqual([]);
      expect(await spentBy('ada')).toBe(0);
    });

    it('takes entries that come side by side, each once', async () => {
      const entries = Array.from({ length: 40 }, (_, i) =>
        entryOf({ owner: { ...ada, user: `user-${i % 3}` }, costMicroUsd: i }),
      );
      await Promise.all([...entries, ...entries].map((entry) => ledger.record(entry)));
      expect(await callsOf({ tenant: 'acme' })).toBe(40);
      expect(await spentBy(null)).toBe(780);
      expect(await spentBy('user-0')).toBe(273);
    });

    it('adds up by model, ordered by model', async () => {
      await ledger.record(entryOf({ model: 'gpt-y', costMicroUsd: 7, basis: 'estimated' }));
      await ledger.record(entryOf());
      await ledger.record(entryOf({ inputTokens: 0, outputTokens: 1, costMicroUsd: 0 }));
      const rest = { cacheHits: 0, estimatedCalls: 0, savedMicroUsd: 0 };
      expect(await ledger.totals({}, ['model'])).toEqual([
        { of: { model: 'gpt-x' }, calls: 2, inputTokens: 100, outputTokens: 21, costMicroUsd: 240, ...rest },
        {
          of: { model: 'gpt-y' },
          calls: 1,
          inputTokens: 100,
          outputTokens: 20,
          costMicroUsd: 7,
          ...rest,
          estimatedCalls: 1,
        },
      ]);
    });

    it('adds up by user, feature and day, and counts what caches spared apart', async () => {
      const day = 86_400_000;
      await ledger.record(entryOf({ at: 31 * day }));
      await ledger.record(entryOf({ at: 32 * day - 1, feature: 'agent' }));
      await ledger.record(entryOf({ at: 32 * day, owner: { ...ada, user: 'bob' } }));
      const spared = { inputTokens: 0, outputTokens: 0, costMicroUsd: 0, savedMicroUsd: 240 };
      await ledger.record(entryOf({ at: 31 * day, kind: 'cache-hit', basis: 'estimated', ...spared }));
      expect(
        (await ledger.totals({}, ['user', 'feature', 'day'])).map(({ of, calls, cacheHits, savedMicroUsd }) => [
          ...Object.values(of),
          calls,
          cacheHits,
          savedMicroUsd,
        ]),
      ).toEqual([
        ['ada', 'agent', '1970-02-01', 1, 0, 0],
        ['ada', 'chat', '1970-02-01', 1, 1, 240],
        ['bob', 'chat', '1970-02-02', 1, 0, 0],
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
      const before = await ledger.totals({ tenant: 'acme' }, ['model']);
      expect(await ledger.forgetUser(ada)).toBe(2);
      expect(await callsOf({ tenant: 'acme', user: 'ada' })).toBe(0);
      expect(await ledger.totals({ tenant: 'acme' }, ['model'])).toEqual(before);
      // Or whoever has spent a budget would ask to be forgotten and have it anew.
      expect([await spentBy('ada'), await spentBy(''), await spentBy(null)]).toEqual([480, 0, 720]);
      for (const { tenant, user } of others) expect(await callsOf({ tenant, user })).toBe(1);
      expect(await ledger.forgetUser(ada)).toBe(0);
      await ledger.record(entryOf());
      expect(await spentBy('ada')).toBe(720);
      expect(await ledger.forgetUser(ada)).toBe(1);
      expect([await spentBy('ada'), await spentBy(null)]).toEqual([720, 960]);
    });

    it('counts a call once, however often and by however many it is recorded', async () => {
      const entry = entryOf();
      await Promise.all(Array.from({ length: 5 }, () => ledger.record(entry)));
      await ledger.record({ ...entry, costMicroUsd: 999 });
      expect(await ledger.totals({}, [])).toMatchObject([
        { calls: 1, inputTokens: 100, outputTokens: 20, costMicroUsd: 240 },
      ]);
      expect([await spentBy('ada'), await spentBy(null)]).toEqual([240, 240]);
    });

    it('keeps the sum of every account, by day and by month, whoever writes at once', async () => {
      const users = ['ada', 'bob', ''];
      const entries = Array.from({ length: 60 }, (_, i) =>
        entryOf({ costMicroUsd: i, owner: { ...ada, user: users[i % 3] ?? '' } }),
      );
      await Promise.all(entries.map((entry) => ledger.record(entry)));
      const sum = (remainder: number) =>
        entries.reduce((all, { costMicroUsd }, i) => (i % 3 === remainder ? all + costMicroUsd : all), 0);
      expect(await Promise.all(users.map((user) => spentBy(user)))).toEqual([sum(0), sum(1), sum(2)]);
      expect(await spentBy('bob', '1970-01-01')).toBe(sum(1));
      expect(await spentBy(null)).toBe(sum(0) + sum(1) + sum(2));
      expect(await spentBy('bob', '1970-02')).toBe(0);
    });

    it('lets one of many tell that a budget has reached a share of its limit', async () => {
      const account = { tenant: 'acme', user: null, period: '1970-01' };
      const claims = await Promise.all(Array.from({ length: 8 }, () => ledger.claimAlert(account, 100, 50)));
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await ledger.claimAlert(account, 100, 80)).toBe(true);
      expect(await ledger.claimAlert({ ...account, user: '' }, 100, 50)).toBe(true);
      expect(await ledger.claimAlert(account, 200, 50)).toBe(true);
    });

    it('takes the amounts of an invoice over once, and gives the accounts the difference', async () => {
      const entry = entryOf({ basis: 'estimated' });
      const other = entryOf({ provider: 'anthropic', basis: 'estimated' });
      for (const one of [entry, other]) await ledger.record(one);
      const estimated = await ledger.callsOn('estimated', { provider: 'openai', from: 1_000, to: 1_001 });
      expect(estimated).toEqual([entry]);
      expect(await ledger.callsOn('estimated', { provider: 'openai', from: 0, to: 1_000 })).toEqual([]);
      const invoiced = { inputTokens: 90, outputTokens: 30, costMicroUsd: 200 };
      await Promise.all([ledger.settle(entry.id, invoiced), ledger.settle(entry.id, invoiced)]);
      expect(await ledger.find([entry.id, newId()])).toEqual([{ ...entry, ...invoiced, basis: 'invoiced' }]);
      expect([await spentBy('ada'), await spentBy(null)]).toEqual([440, 440]);
    });

    it('takes an invoice over for a user who was forgotten meanwhile: the tenant’s sums follow it, and nobody else’s', async () => {
      const entry = entryOf({ basis: 'estimated' });
      await ledger.record(entry);
      await ledger.forgetUser(ada);
      await ledger.settle(entry.id, { inputTokens: 90, outputTokens: 30, costMicroUsd: 200 });
      expect([await spentBy(null), await spentBy('ada'), await spentBy('')]).toEqual([200, 240, 0]);
    });

    // One entry that is refused for ever would keep the ledger away.
    it('takes an entry whose text is cut in the middle of a sign', async () => {
      await ledger.record(entryOf({ feature: 'chat \ud83d' }));
      expect(await spentBy('ada')).toBe(240);
    });

    it('adds up great sums to the last micro-dollar', async () => {
      const billionUsd = 1_000_000_000_000_000;
      for (const costMicroUsd of [billionUsd, billionUsd, 1]) await ledger.record(entryOf({ costMicroUsd }));
      expect(await ledger.totals({}, [])).toMatchObject([{ costMicroUsd: 2 * billionUsd + 1 }]);
      expect(await spentBy(null)).toBe(2 * billionUsd + 1);
    });

    it('tells tenants and users apart', async () => {
      await ledger.record(entryOf());
      await ledger.record(entryOf({ owner: { ...ada, user: 'bob' } }));
      await ledger.record(entryOf({ owner: { ...ada, tenant: 'globex' } }));
      expect(await callsOf({})).toBe(3);
      expect(await callsOf({ tenant: 'acme' })).toBe(2);
      expect(await callsOf({ user: 'ada' })).toBe(2);
      expect(await callsOf({ tenant: 'acme', user: 'ada' })).toBe(1);
      expect(await ledger.totals({ tenant: 'nobody' }, ['model'])).toEqual([]);
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
        await expect(ledger.record(entryOf({ savedMicroUsd: bad }))).rejects.toThrow(`savedMicroUsd is ${bad}`);
      }
      expect(await ledger.totals({}, [])).toEqual([]);
    });
  });
}
