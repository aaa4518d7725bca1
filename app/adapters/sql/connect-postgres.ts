import { type Kysely, sql } from 'kysely';
import type { postgresSettings, SettingsOf } from '../../../contract/index.js';
import type { ProcessContext } from '../../runtime/run-process.js';
import { openPostgres } from './postgres-database.js';
import type { Schema } from './schema.js';

interface OwnOptions {
  /** @default 'PostgreSQL' */
  readonly name?: string;
  /** Whether the process is not ready while PostgreSQL is away. @default true */
  readonly essential?: boolean;
  /** @default 10 */
  readonly maxConnections?: number;
}

/** Opens a process's PostgreSQL, its schema up to date. A process that can do without it does not wait for it. */
export function connectPostgres(
  {
    settings,
    stores,
    options: { logger },
  }: Pick<ProcessContext<SettingsOf<typeof postgresSettings>>, 'settings' | 'stores' | 'options'>,
  { name = 'PostgreSQL', essential = true, ...own }: OwnOptions = {},
): Promise<Kysely<Schema>> {
  const connect = () =>
    openPostgres({
      url: settings.postgresUrl,
      password: settings.postgresPassword,
      ...(settings.postgresCa !== undefined && { ca: settings.postgresCa }),
      onError: (error) => logger.warn({ err: error }, 'a connection to PostgreSQL broke; the next query opens another'),
      ...own,
    });
  return stores.open(name, connect, (db) => ({
    ...(essential && { check: () => sql`select 1`.execute(db) }),
    close: () => db.destroy(),
  }));
}
