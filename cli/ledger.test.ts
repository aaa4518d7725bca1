import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openDatabase } from '../app/adapters/sql/database.js';
import { SqlLedger } from '../app/adapters/sql/sql-ledger.js';
import type { LedgerEntry } from '../app/ledger/ledger.js';
import { temporaryFolder } from '../test/support/sql-databases.js';
import { runReconcile } from './ledger.js';

const folder = temporaryFolder();
const database = join(folder, 'armature.db');
const invoice = join(folder, 'invoice.jsonl');
const options = { provider: 'openai', from: new Date(0), to: new Date(1_000), database };

describe('armature ledger reconcile', () => {
  let out: string;
  let err: string;
  beforeEach(() => {
    [out, err] = ['', ''];
    const into = (write: (text: string) => void) => (text: string | Uint8Array) => {
      write(String(text));
      return true;
    };
    jest.spyOn(process.stdout, 'write').mockImplementation(into((text) => (out += text)));
    jest.spyOn(process.stderr, 'write').mockImplementation(into((text) => (err += text)));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
  });

  const entry = (id: string, changes: Partial<LedgerEntry>): LedgerEntry => ({
    id,
    at: 500,
    owner: { tenant: 'acme', user: 'ada', tier: 'premium' },
    feature: 'chat',
    provider: 'openai',
    model: 'm',
    kind: 'chat',
    basis: 'reported',
    inputTokens: 10,
    outputTokens: 5,
    costMicroUsd: 100,
    savedMicroUsd: 0,
    ...changes,
  });
  const line = (id: string, cost_micro_usd: number) =>
    JSON.stringify({ id, input_tokens: 10, output_tokens: 5, cost_micro_usd });

  it('settles estimates, corrects, and lists what it does not know; a second time finds nothing more to do', async () => {
    const db = await openDatabase({ path: database });
    const ledger = new SqlLedger(db);
    await ledger.record(entry('same', {}));
    await ledger.record(entry('guessed', { basis: 'estimated', costMicroUsd: 90 }));
    await ledger.record(entry('never-charged', { basis: 'estimated', costMicroUsd: 40 }));
    await ledger.record(entry('wrong', { costMicroUsd: 70 }));
    await ledger.record(entry('other-provider', { provider: 'anthropic', basis: 'estimated' }));
    await db.destroy();
    writeFileSync(
      invoice,
      [line('same', 100), line('guessed', 120), line('wrong', 80), line('stray', 7), ''].join('\n'),
    );

    await runReconcile(invoice, options);
    expect(out.split('\n')).toEqual([
      '4 calls invoiced: 1 agree, 1 corrected, 2 estimates settled, 1 unknown',
      'estimates: 1 charged, 1 not charged; off by $0.000070 in all, by $0.000010 after their signs, of $0.000120 charged',
      'difference (ledger - invoice): -$0.000007 before, -$0.000007 now',
      "corrected wrong: $0.000070 by the provider's usage, $0.000080 by its invoice",
      'unknown stray: $0.000007, not in the ledger',
      '',
    ]);
    expect(process.exitCode).toBe(1);

    out = '';
    writeFileSync(invoice, [line('same', 100), line('guessed', 120), line('wrong', 80)].join('\n'));
    process.exitCode = undefined;
    await runReconcile(invoice, options);
    expect(out).toContain('3 calls invoiced: 3 agree, 0 corrected, 0 estimates settled, 0 unknown');
    expect(out).toContain('difference (ledger - invoice): $0.000000 before, $0.000000 now');
    expect(process.exitCode).toBeUndefined();
  });

  it('leaves what is another provider’s as it is', async () => {
    const path = join(folder, 'other.db');
    const db = await openDatabase({ path });
    await new SqlLedger(db).record(entry('theirs', { provider: 'anthropic' }));
    writeFileSync(invoice, line('theirs', 7));
    await runReconcile(invoice, { ...options, database: path });
    expect(out).toContain('1 calls invoiced: 0 agree, 0 corrected, 0 estimates settled, 1 unknown');
    expect(await new SqlLedger(db).find(['theirs'])).toMatchObject([{ costMicroUsd: 100, basis: 'reported' }]);
    await db.destroy();
  });

  it.each([
    ['no such file', join(folder, 'gone.jsonl'), {}, /^Cannot read the invoice ".*gone\.jsonl": ENOENT/],
    ['a folder', folder, {}, /^Cannot read the invoice/],
    ['no such database', invoice, { database: join(folder, 'gone.db') }, /^There is no database ".*gone\.db"/],
    ['times the wrong way round', invoice, { from: new Date(1_000), to: new Date(0) }, /^--to 1970.* is not after/],
  ])('says in a line what is wrong: %s', async (_, file, changes, message) => {
    writeFileSync(invoice, line('a', 1));
    await runReconcile(file, { ...options, ...changes });
    expect(err).toMatch(message);
    expect(process.exitCode).toBe(2);
    expect(existsSync(join(folder, 'gone.db'))).toBe(false);
  });

  it('takes no call twice', async () => {
    writeFileSync(invoice, [line('a', 1), line('b', 1), line('a', 2)].join('\n'));
    await runReconcile(invoice, options);
    expect(err).toContain('invoice.jsonl:3: a is on line 1 already.');
    expect(process.exitCode).toBe(2);
  });

  it('says which line is wrong', async () => {
    writeFileSync(invoice, `${line('a', 1)}\n{"id": "b"}\n`);
    await runReconcile(invoice, options);
    expect(err).toContain('invoice.jsonl:2: input_tokens Invalid input');
    expect(process.exitCode).toBe(2);
  });
});
