import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { Kysely } from 'kysely';
import { IN_MEMORY, openDatabase } from '../../app/adapters/sql/database.js';
import type { Schema } from '../../app/adapters/sql/schema.js';

/** A database under test: opened and migrated once, since that costs more than most tests, and emptied for each. */
export interface TestDatabase {
  readonly kind: string;
  empty(): Promise<Kysely<Schema>>;
}

/** Messages and passages go with what they belong to. */
const TABLES: readonly (keyof Schema)[] = [
  'conversations',
  'documents',
  'tasks',
  'ledgerEntries',
  'spending',
  'budgetAlerts',
  'experiments',
  'experimentChanges',
  'outcomes',
  'exposures',
  'observations',
  'apiKeys',
];

export async function emptyTables(db: Kysely<Schema>): Promise<void> {
  for (const table of TABLES) await db.deleteFrom(table).execute();
}

/** Folder of this test file, removed when its tests have run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'armature-'));
  removeAfterwards(folder);
  return folder;
}

/** The kinds of embedded database that every store runs on. */
export function embeddedDatabases(): readonly TestDatabase[] {
  const folder = mkdtempSync(join(tmpdir(), 'armature-'));
  const databases = [
    databaseAt('SQLite in memory', IN_MEMORY),
    databaseAt('SQLite in a file', join(folder, 'stores.db')),
  ];
  removeAfterwards(folder); // after the databases in it have been closed: jest keeps this order
  return databases;
}

function removeAfterwards(folder: string): void {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
}

function databaseAt(kind: string, path: string): TestDatabase {
  let opened: Promise<Kysely<Schema>> | undefined;
  afterAll(async () => (await opened)?.destroy());
  return {
    kind,
    async empty() {
      opened ??= openDatabase({ path });
      const db = await opened;
      await emptyTables(db);
      return db;
    },
  };
}
