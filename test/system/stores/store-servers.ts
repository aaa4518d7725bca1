import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { openPostgres } from '../../../app/adapters/sql/postgres-database.js';
import type { Schema } from '../../../app/adapters/sql/schema.js';
import { emptyTables } from '../../support/sql-databases.js';
import { type ObjectStoreServer, startObjectStore } from '../object-store.js';
import { type PostgresServer, startPostgres } from '../postgres.js';
import { type QdrantServer, startQdrant } from '../qdrant.js';

/** PostgreSQL, Qdrant's engine and an S3 server for one test run. */
export class StoreServers {
  private constructor(
    readonly folder: string,
    readonly postgres: PostgresServer,
    readonly qdrant: QdrantServer,
    readonly objects: ObjectStoreServer,
    readonly db: Kysely<Schema>,
  ) {}

  static async start(): Promise<StoreServers> {
    const folder = mkdtempSync(join(tmpdir(), 'armature-stores-'));
    const [postgres, qdrant, objects] = await Promise.all([
      startPostgres(folder),
      startQdrant(folder),
      startObjectStore(folder),
    ]);
    const db = await open(postgres);
    const { rows } = await sql<{ version: string }>`select version()`.execute(db);
    console.info(`Stores: ${rows[0]?.version}; ${qdrant.what}; S3 by moto`);
    return new StoreServers(folder, postgres, qdrant, objects, db);
  }

  /** Other connections to PostgreSQL. @param url another of its databases @default the one that all tests use */
  open(url?: string): Promise<Kysely<Schema>> {
    return open(this.postgres, url);
  }

  /** The database, with nothing in it. */
  async empty(): Promise<Kysely<Schema>> {
    await emptyTables(this.db);
    return this.db;
  }

  async stop(): Promise<void> {
    await this.db.destroy();
    await Promise.all([this.postgres.program.stop('SIGINT'), this.qdrant.program?.stop(), this.objects.program.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function open({ url, password }: PostgresServer, database = url): Promise<Kysely<Schema>> {
  return openPostgres({ url: database, password, onError: () => undefined });
}
