import { type Kysely, sql } from 'kysely';
import type { postgresSettings, SettingsOf } from '../../../contract/index.js';
import type { ProcessContext } from '../../runtime/run-process.js';
import { openPostgres } from './postgres-database.js';
import type { Schema } from './schema.js';

/** Opens a process's PostgreSQL, its schema up to date. */
export function connectPostgres({
  settings,
  stores,
  options: { logger },
}: Pick<ProcessContext<SettingsOf<typeof postgresSettings>>, 'settings' | 'stores' | 'options'>): Promise<
  Kysely<Schema>
> {
  const connect = () =>
    openPostgres({
      url: settings.postgresUrl,
      password: settings.postgresPassword,
      onError: (error) => logger.warn({ err: error }, 'a connection to PostgreSQL broke; the next query opens another'),
    });
  return stores.open('PostgreSQL', connect, (db) => ({
    check: () => sql`select 1`.execute(db),
    close: () => db.destroy(),
  }));
}
