import { beforeEach, describe, expect, it } from '@jest/globals';
import { ledgerPolicy, orchestrator } from '../../contract/index.js';
import { ManualTime } from '../../test/support/manual-time.js';
import { until } from '../../test/support/until.js';
import { ada, testOptions } from '../runtime/service.fixture.js';
import type { LedgerEntry } from './ledger.js';
import { LedgerOutbox } from './ledger-outbox.js';

const entry = (id: string, costMicroUsd = 5): LedgerEntry => ({
  id,
  at: 0,
  owner: ada,
  feature: 'chat',
  provider: 'openai',
  model: 'm',
  kind: 'chat',
  basis: 'reported',
  inputTokens: 1,
  outputTokens: 1,
  costMicroUsd,
  savedMicroUsd: 0,
});
const month = { tenant: ada.tenant, user: null, period: '1970-01' };

describe('the outbox of the ledger', () => {
  let time: ManualTime;
  let taken: string[];
  let state: 'well' | 'dead' | 'hung';
  let outbox: LedgerOutbox;
  let lost: string[];
  let failures: number;
  beforeEach(() => {
    time = new ManualTime();
    [taken, lost, state, failures] = [[], [], 'well', 0];
    const { metrics, logger } = testOptions(orchestrator);
    const telling = Object.assign(Object.create(logger), {
      error: ({ entry: one }: { entry: LedgerEntry }) => lost.push(one.id),
      warn: () => {
        failures += 1;
      },
    });
    const record = async ({ id, costMicroUsd }: LedgerEntry) => {
      if (state === 'hung') await new Promise(() => undefined);
      if (state === 'dead') throw new Error('no connection');
      if (costMicroUsd < 0) throw new RangeError('below 0');
      if (id === 'refused') throw new Error('invalid byte sequence');
      taken.push(id);
    };
    outbox = new LedgerOutbox({ ledger: { record }, metrics, logger: telling, timers: time, capacity: 3 });
  });

  it('hands an entry on at once', async () => {
    await outbox.record(entry('a'));
    expect([taken, outbox.size, time.pending]).toEqual([['a'], 0, 0]);
  });

  it('lets nobody wait for a ledger that hangs, and writes when it is back', async () => {
    state = 'hung';
    const recorded = outbox.record(entry('a'));
    await until('it waits', () => time.pending === 1);
    time.advance(ledgerPolicy.timeoutMs);
    await recorded;
    expect([outbox.size, outbox.waitingMicroUsd(month)]).toEqual([1, 5]);
    expect(outbox.waitingMicroUsd({ ...month, period: '1970-02' })).toBe(0);
    state = 'well';
    time.advance(200);
    await until('it is written', () => outbox.size === 0);
    expect([taken, outbox.waitingMicroUsd(month)]).toEqual([['a'], 0]);
  });

  it('tries a ledger that is dead less and less often', async () => {
    state = 'dead';
    await outbox.record(entry('a'));
    for (const [i, delay] of [200, 400, 800].entries()) {
      time.advance(delay - 1);
      expect(failures).toBe(i + 1);
      time.advance(1);
      await until('it has failed again', () => failures === i + 2);
    }
    state = 'well';
    time.advance(1600);
    await until('it is written', () => outbox.size === 0);
    expect(taken).toEqual(['a']);
  });

  it('writes what waits behind an entry that the ledger refuses each time, and tells of that one at the end', async () => {
    state = 'dead';
    for (const id of ['refused', 'a', 'b']) await outbox.record(entry(id));
    state = 'well';
    time.advance(200);
    await until('it is refused again', () => failures === 4);
    time.advance(400);
    await until('the others are written', () => taken.length === 2);
    await until('it is refused once more', () => failures === 5);
    expect([taken, outbox.size, outbox.waitingMicroUsd(month)]).toEqual([['a', 'b'], 1, 5]);
    await outbox.close();
    expect(lost).toEqual(['refused']);
  });

  it('tells in full what it has no room for, and what it still has when the process ends', async () => {
    state = 'dead';
    for (const id of ['a', 'b', 'c', 'd']) await outbox.record(entry(id));
    expect(lost).toEqual(['a']);
    await outbox.close();
    expect(lost).toEqual(['a', 'b', 'c', 'd']);
  });

  it('writes what it has when the process ends', async () => {
    state = 'dead';
    await outbox.record(entry('a'));
    state = 'well';
    await outbox.close();
    expect([taken, lost]).toEqual([['a'], []]);
  });

  it('plans nothing more once the process has ended, or its timers would keep it alive while the ledger is away', async () => {
    state = 'dead';
    await outbox.record(entry('a'));
    time.advance(200); // the next try is under way
    await outbox.close();
    await outbox.record(entry('b'));
    await until('it has failed again', () => failures === 4);
    expect([lost, time.pending]).toEqual([['a', 'b'], 0]);
  });

  it('does not try again what is no entry', async () => {
    await outbox.record(entry('a', -1));
    expect([lost, outbox.size]).toEqual([['a'], 0]);
  });
});
