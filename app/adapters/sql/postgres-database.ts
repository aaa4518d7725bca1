import { CamelCasePlugin, Kysely, Migrator, PostgresDialect } from 'kysely';
import pg from 'pg';
import { requestBudget } from '../../../contract/index.js';
import { hasErrorCode } from '../../runtime/error-code.js';
import { answeringPool } from './answering-pool.js';
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
  /** Longer than any statement of ours takes. @default requestBudget.statementMs */
  readonly statementMs?: number;
}

/** A server that is not there is found out soon; the caller tries again. */
const CONNECT_TIMEOUT_MS = 5_000;
/** After this share of a statement's time the server itself ends it, such as one that waits for a lock that nobody gives back: its connection stays good. */
const SERVER_SHARE = 0.9;
/** A change of the schema has its time, but lets nobody queue for long behind the lock that it waits for: it fails, and is begun again. */
const MIGRATION = { lock_timeout: 5_000, query_timeout: 600_000, max: 1 } as const;

/**
 * Opens a PostgreSQL database and brings its schema up to date, once, however many processes start together: whoever comes first
 * holds an advisory lock, and the others find nothing left to do. A schema that a later release has brought further is served as it is.
 * `destroy()` closes it.
 *
 * @throws what the driver throws when the server is away, or refuses; when it refuses a change of the schema, with which one
 */
export async function openPostgres(props: PostgresProps): Promise<Kysely<Schema>> {
  await migrate(connect(props, MIGRATION));
  const { maxConnections = 10, statementMs = requestBudget.statementMs } = props;
  const statement_timeout = Math.round(SERVER_SHARE * statementMs);
  return connect(props, { max: maxConnections, statement_timeout, query_timeout: statementMs });
}

async function migrate(db: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({ db, provider: migrations });
  try {
    // Only then: the migrator takes a later release's changes for a damaged schema, and a role that may serve need not be one that may change it.
    const missing = (await migrator.getMigrations()).find(({ executedAt }) => executedAt === undefined);
    if (missing === undefined) return;
    const { error: cause } = await migrator.migrateToLatest();
    if (cause === undefined) return;
    const message = `The schema cannot be brought up to date, from ${missing.name} on: ${wordsOf(cause)}`;
    throw new Error(message, { cause });
  } finally {
    await db.destroy();
  }
}

const NO_RIGHT = '42501';

function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  if (!hasErrorCode(error, NO_RIGHT)) return words;
  return `${words}. Let a role that may create tables open the database once, or give this one that right.`;
}

function connect(props: PostgresProps, limits: pg.PoolConfig): Kysely<Schema> {
  const pool = new pg.Pool({
    ...connection(props),
    ...limits,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'armature',
    types: { getTypeParser },
  });
  // The pool listens for itself only while a connection is idle; one that breaks at work would end the process.
  pool.on('connect', (client) => client.on('error', props.onError));
  pool.on('error', () => undefined); // told above
  return new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: answeringPool(pool) }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
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
