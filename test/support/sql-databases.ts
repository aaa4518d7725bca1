import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { Kysely } from 'kysely';
import { IN_MEMORY, openDatabase } from '../../app/adapters/sql/database.js';
import type { Schema } from '../../app/adapters/sql/schema.js';

type Open = () => Promise<Kysely<Schema>>;

/** Folder of this test file, removed when its tests have run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'armature-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The kinds of embedded database that every store runs on: a new, empty one at each call. */
export function embeddedDatabases(): readonly { readonly kind: string; readonly open: Open }[] {
  const folder = temporaryFolder();
  let files = 0;
  return [
    { kind: 'SQLite in memory', open: () => openDatabase({ path: IN_MEMORY }) },
    { kind: 'SQLite in a file', open: () => openDatabase({ path: join(folder, `${files++}.db`) }) },
  ];
}
