import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import LibSql from 'libsql';
import { ManualTime } from '../../../test/support/manual-time.js';
import { sampleTask } from '../../../test/support/sample-task.js';
import { temporaryFolder } from '../../../test/support/sql-databases.js';
import { openDatabase } from './database.js';
import { DatabaseFileError } from './database-file-error.js';
import type { Schema } from './schema.js';
import { SqlConversationStore } from './sql-conversation-store.js';
import { SqlDocumentStore } from './sql-document-store.js';
import { SqlExperimentStore } from './sql-experiment-store.js';
import { SqlLedger } from './sql-ledger.js';
import { SqlTaskStore } from './sql-task-store.js';

const folder = temporaryFolder();
const { clock } = new ManualTime();
const session = { tenant: 'acme', user: 'ada', session: 's1' };
const message = { role: 'user', content: 'hello', at: 1 } as const;
const document = {
  id: 'd1',
  tenant: 'acme',
  collection: 'manuals',
  source: 'a.md',
  metadata: { topic: 'engines' },
  contentHash: 'ab',
  createdAt: 1,
};
const vector = [0.1, -0.7, 0.3];
const task = sampleTask();

function storesOn(db: Kysely<Schema>) {
  return {
    conversations: new SqlConversationStore(db, clock),
    documents: new SqlDocumentStore(db),
    tasks: new SqlTaskStore(db, clock),
    ledger: new SqlLedger(db),
    experiments: new SqlExperimentStore(db),
  };
}

async function readAll(stores: ReturnType<typeof storesOn>) {
  return {
    messages: await stores.conversations.read(session, 10),
    hits: await stores.documents.search({ tenant: 'acme', collection: 'manuals', vector: [0.2, 0.5, 0.9], topK: 1 }),
    unfinished: await stores.tasks.unfinished(),
    spent: await stores.ledger.totals({}, ['model']),
    experiments: await stores.experiments.totals('tone', 'score'),
  };
}

async function writeAll(stores: ReturnType<typeof storesOn>) {
  await stores.conversations.append(session, [message]);
  await stores.documents.put(document, [{ documentId: 'd1', index: 0, text: 'engines', vector }]);
  await stores.tasks.put({ task, state: 'pending', updatedAt: 1 });
  const amounts = { inputTokens: 1, outputTokens: 2, costMicroUsd: 3, savedMicroUsd: 0 };
  const call = { feature: 'chat', provider: 'local', model: 'm', kind: 'chat', basis: 'reported' } as const;
  await stores.ledger.record({ id: 'e1', at: 1, owner: task.owner, ...call, ...amounts });
  await stores.experiments.expose({ experiment: 'tone', variant: 'terse', unit: 'u1', at: 1 });
  await stores.experiments.observe({ experiment: 'tone', unit: 'u1', metric: 'score', value: 0.5, at: 1 });
}

describe('an embedded database', () => {
  it('keeps everything through a restart, to the last digit of a score', async () => {
    const path = join(folder, 'restart.db');
    const first = await openDatabase({ path });
    await writeAll(storesOn(first));
    const before = await readAll(storesOn(first));
    await first.destroy();
    const second = await openDatabase({ path });
    expect(await readAll(storesOn(second))).toEqual(before);
    expect(before).toMatchObject({
      messages: [message],
      hits: [{ document }],
      unfinished: [{ task }],
      spent: [{ calls: 1 }],
    });
    await second.destroy();
  });

  it('keeps what was committed when the process dies without closing it', async () => {
    const [path, copy] = [join(folder, 'killed.db'), join(folder, 'killed-copy.db')];
    const db = await openDatabase({ path });
    await writeAll(storesOn(db));
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, copy + suffix); // what a killed process leaves behind
    const revived = await openDatabase({ path: copy });
    expect(await readAll(storesOn(revived))).toEqual(await readAll(storesOn(db)));
    await Promise.all([db.destroy(), revived.destroy()]);
  });

  it('is one whole file once it is closed', async () => {
    const [path, copy] = [join(folder, 'whole.db'), join(folder, 'whole-copy.db')];
    const db = await openDatabase({ path });
    await writeAll(storesOn(db));
    await db.destroy();
    copyFileSync(path, copy);
    const copied = await openDatabase({ path: copy });
    expect((await readAll(storesOn(copied))).messages).toEqual([message]);
    await copied.destroy();
  });

  it('writes ahead and holds foreign keys', async () => {
    const db = await openDatabase({ path: join(folder, 'pragmas.db') });
    const { rows: mode } = await sql`pragma journal_mode`.execute(db);
    expect(mode).toEqual([{ journalMode: 'wal' }]);
    const orphan = { tenant: 'acme', documentId: 'none', position: 0, text: '', vector: new Uint8Array() };
    await expect(db.insertInto('passages').values(orphan).execute()).rejects.toThrow('FOREIGN KEY');
    await db.destroy();
  });

  it('leaves no half of a schema behind when a migration fails, and says what stands in the way', async () => {
    const path = join(folder, 'foreign.db');
    const foreign = new LibSql(path);
    foreign.exec('create table tasks (title text)');
    foreign.close();
    await expect(openDatabase({ path })).rejects.toThrow(
      /cannot be brought up to date \(.*tasks.* already exists\)\. Name/,
    );
    const after = new LibSql(path);
    const tables = after
      .prepare("select name from sqlite_master where type = 'table' and name not like 'kysely%'")
      .all();
    after.close();
    expect(tables).toEqual([{ name: 'tasks' }]);
  });

  it('reads experiments that an earlier release wrote, with one metric and any configuration', async () => {
    const path = join(folder, 'experiments.db');
    const db = await openDatabase({ path });
    await sql`delete from kysely_migration where name >= '0006-experiments'`.execute(db);
    for (const column of ['prior_count', 'prior_sum'])
      await sql.raw(`alter table observations drop column ${column}`).execute(db);
    await sql`drop table experiment_changes`.execute(db);
    await sql`drop table outcomes`.execute(db);
    for (const table of ['exposures', 'observations']) await sql.raw(`drop index ${table}_unit`).execute(db);
    const variants = [
      { name: 'control', share: 0.5, config: {} },
      { name: 'fewer', share: 0.5, config: { topK: 3, note: 'nobody read this' } },
    ];
    const definition = JSON.stringify({ name: 'depth', variants, metric: 'answer_score', active: true });
    await db.insertInto('experiments').values({ name: 'depth', definition }).execute();
    await db.destroy();
    const updated = await openDatabase({ path });
    expect(await new SqlExperimentStore(updated).list()).toMatchObject([
      {
        name: 'depth',
        unit: 'user',
        variants: [variants[0], { name: 'fewer', share: 0.5, config: { topK: 3 } }],
        metrics: [{ name: 'answer_score', kind: 'mean' }],
      },
    ]);
    await updated.destroy();
  });

  it('refuses a file of a later release instead of writing into it', async () => {
    const path = join(folder, 'later.db');
    const db = await openDatabase({ path });
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '')`.execute(db);
    await db.destroy();
    await expect(openDatabase({ path })).rejects.toThrow(/9999-later.*this release of Armature or an earlier one/);
  });

  it('says what is wrong with a file that it cannot use, and what mends it', async () => {
    const notes = join(folder, 'notes.txt');
    writeFileSync(notes, 'Not a database, but somebody needs it.');
    mkdirSync(join(folder, 'sub'));
    const cases = [
      { path: notes, message: 'is not an SQLite database (file is not a database). Name a new file' },
      { path: join(folder, 'sub'), message: 'is a folder' },
      { path: join(folder, 'nowhere', 'a.db'), message: 'is in a folder that does not exist' },
      { path: join(notes, 'a.db'), message: 'is in a folder that does not exist' },
    ];
    for (const { path, message } of cases) {
      const refused = openDatabase({ path });
      await expect(refused).rejects.toThrow(DatabaseFileError);
      await expect(refused).rejects.toThrow(`Database ${path} ${message}`);
    }
    expect(readFileSync(notes, 'utf8')).toBe('Not a database, but somebody needs it.');
  });

  it('says that a file cannot be written when the system refuses it', () => {
    const refused = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    expect(new DatabaseFileError('/data/a.db', refused).message).toMatch(
      /cannot be written .*Give this user write access/,
    );
    const readOnly = Object.assign(new Error('attempt to write a readonly database'), {
      code: 'SQLITE_READONLY_DIRECTORY',
    });
    expect(new DatabaseFileError('/data/a.db', readOnly).message).toMatch(/cannot be written/);
  });
});
