import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseFileError } from '../app/adapters/sql/database-file-error.js';
import { openPostgres } from '../app/adapters/sql/postgres-database.js';
import { DATABASE_FILE } from '../app/embedded/data-folder.js';
import { parseSettings, postgresSettings, SettingsError } from '../contract/index.js';
import { EXIT_FAILURE, EXIT_USAGE } from './exit-codes.js';

export interface DatabasePlace {
  /** Folder of an embedded platform. @default PostgreSQL, by the environment's settings */
  readonly data?: string;
  /** Its SQLite file, where the folder is not told. */
  readonly file?: string;
}

type Database = Awaited<ReturnType<typeof openPostgres>>;

/** What a person can mend: told in one line, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Does a command's work on the platform's database, and tells what a person can mend. */
export async function withDatabase(
  command: string,
  place: DatabasePlace,
  work: (db: Database) => Promise<void>,
): Promise<void> {
  try {
    const db = await open(command, place);
    try {
      await work(db);
    } finally {
      await db.destroy();
    }
  } catch (error) {
    if (!(error instanceof SettingsError || error instanceof CommandError || error instanceof DatabaseFileError))
      throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error instanceof CommandError ? EXIT_FAILURE : EXIT_USAGE;
  }
}

async function open(command: string, { data, file }: DatabasePlace): Promise<Database> {
  const path = data === undefined ? file : join(data, DATABASE_FILE);
  if (path !== undefined) {
    // The image is without SQLite.
    const { openDatabase } = await import('../app/adapters/sql/database.js');
    return openDatabase({ path });
  }
  const {
    postgresUrl: url,
    postgresPassword: password,
    postgresCa: ca,
  } = parseSettings(command, postgresSettings, process.env, (name) => readFileSync(name, 'utf8'));
  const server = { url, password, ...(ca !== undefined && { ca }) };
  return openPostgres({ ...server, onError: () => undefined, maxConnections: 1 }).catch((cause: unknown) => {
    const why = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
    throw new CommandError(`PostgreSQL at ${new URL(url).host} does not take the connection: ${why}`);
  });
}
