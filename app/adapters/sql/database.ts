import { closeSync, openSync } from 'node:fs';
import { CamelCasePlugin, Kysely, Migrator, SqliteAdapter, SqliteDialect } from 'kysely';
import LibSql from 'libsql';
import { DatabaseFileError } from './database-file-error.js';
import { migrations } from './migrations.js';
import type { Schema } from './schema.js';

/** Path of a database that lives and dies with the process. */
export const IN_MEMORY = ':memory:';

/** How long another process's write is waited for. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens an SQLite database and brings its schema up to date. `destroy()` closes it.
 *
 * Open a file once in a process and share it: the driver is synchronous, so one connection that waits for another of the same
 * process waits in vain.
 *
 * @param path a file, created if it is not there, in a folder that is; or {@link IN_MEMORY}
 * @throws {DatabaseFileError} if the file is not a database of this application or cannot be written
 */
export async function openDatabase({ path }: { readonly path: string }): Promise<Kysely<Schema>> {
  const connection = connect(path);
  const db = new Kysely<Schema>({
    dialect: new EmbeddedDialect({
      database: { prepare: (sql) => connection.prepare(sql), close: () => closeWhole(connection) },
    }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  const { error } = await new Migrator({ db, provider: migrations }).migrateToLatest();
  if (error === undefined) return db;
  await db.destroy();
  throw new DatabaseFileError(path, error, {
    problem: 'cannot be brought up to date',
    fix: 'Name a new file, or one that this release of Armature or an earlier one wrote.',
  });
}

function connect(path: string): LibSql.Database {
  let connection: LibSql.Database | undefined;
  try {
    // SQLite says "unable to open" for every reason; the operating system says which.
    if (path !== IN_MEMORY) closeSync(openSync(path, 'a'));
    connection = new LibSql(path);
    connection.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = NORMAL'); // with WAL, a process that dies loses nothing that it has committed
    connection.pragma('foreign_keys = ON');
    return connection;
  } catch (cause) {
    connection?.close();
    throw new DatabaseFileError(path, cause);
  }
}

/** Brings the log into the file first, so that the file alone is the database: libsql leaves that to whoever opens it next. */
function closeWhole(connection: LibSql.Database): void {
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.close();
}

/** Runs migrations in one transaction, which SQLite can do and Kysely does not assume: a crash leaves no half of a schema. */
class EmbeddedDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalDdlAdapter();
  }
}

class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
