import { CamelCasePlugin, Kysely, Migrator, PostgresDialect } from 'kysely';
import pg from 'pg';
import { migrations } from './migrations.js';
import type { Schema } from './schema.js';

export interface PostgresProps {
  /** `postgres://user@host:port/database`; `?sslmode=require` and its like are pg's. */
  readonly url: string;
  readonly password: string;
  /** Certificate of the authority that the server is verified by, as PEM, its name included. @default the public ones, by `sslmode` */
  readonly ca?: string;
  /** Told when a connection broke, as when the server restarts; the next query opens another. */
  readonly onError: (error: Error) => void;
  /** Connections of this process at most. @default 10 */
  readonly maxConnections?: number;
}

/** A server that is not there is found out soon; the caller tries again. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Longer than any query of ours; ends what waits for a lock that nobody gives back. */
const STATEMENT_TIMEOUT_MS = 15_000;

/**
 * Opens a PostgreSQL database and brings its schema up to date, once, however many processes start together: whoever comes first
 * holds an advisory lock, and the others find nothing left to do. `destroy()` closes it.
 *
 * @throws what the driver throws when the server is away, or refuses
 */
export async function openPostgres(props: PostgresProps): Promise<Kysely<Schema>> {
  const pool = new pg.Pool({
    ...connection(props),
    max: props.maxConnections ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'armature',
    types: { getTypeParser },
  });
  // The pool listens for itself only while a connection is idle; one that breaks at work would end the process.
  pool.on('connect', (client) => client.on('error', props.onError));
  pool.on('error', () => undefined); // told above
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  const { error } = await new Migrator({ db, provider: migrations }).migrateToLatest();
  if (error === undefined) return db;
  await db.destroy();
  throw error;
}

/** The URL is a plain setting, the password a secret. */
function connection({ url, password, ca }: PostgresProps): pg.PoolConfig {
  const address = new URL(url);
  address.password = encodeURIComponent(password);
  if (ca === undefined) return { connectionString: address.href };
  // What the URL says of TLS would take the place of what is said here.
  address.searchParams.delete('sslmode');
  return { connectionString: address.href, ssl: { ca } };
}

/** 64-bit integers as numbers, as SQLite gives them: ours are times and amounts, far below 2^53. */
const getTypeParser: typeof pg.types.getTypeParser = (id: number, format?: 'text' | 'binary') =>
  id === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(id, format as 'text');
