import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openPostgres } from '../../../app/adapters/sql/postgres-database.js';
import { isStoreAway } from '../../../app/runtime/is-store-away.js';
import { Toxiproxy } from '../toxiproxy.js';
import type { StoreServers } from './store-servers.js';

/** How PostgreSQL is opened, verified, given up and come back to. */
export function describePostgresConnections(servers: () => StoreServers): void {
  describe('PostgreSQL', () => {
    it('is brought up to date once when many processes start together', async () => {
      const { db, postgres } = servers();
      await sql`create database together`.execute(db);
      const url = postgres.url.replace(/postgres$/, 'together');
      const opened = await Promise.all(Array.from({ length: 8 }, () => servers().open(url)));
      const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
        opened[0] ?? db,
      );
      expect(rows.map(({ name }) => name)).toEqual([
        '0001-initial',
        '0002-document-vectors',
        '0003-api-keys',
        '0004-passage-words',
        '0005-ledger',
        '0006-experiments',
        '0007-prior-values',
        '0008-outcomes-of-users',
      ]);
      await Promise.all(opened.map((one) => one.destroy()));
    });

    it('is verified by the certificate of its own authority, where one is given, and by its name', async () => {
      const { password, ca, url } = servers().postgres;
      const verified = `${url.replace('127.0.0.1', 'localhost')}?sslmode=verify-full`;
      const opened = await openPostgres({ url: verified, password, ca, onError: () => undefined });
      const { rows } = await sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(opened);
      expect(rows).toEqual([{ ssl: true }]);
      await opened.destroy();
      const unknown = openPostgres({ url: verified, password, onError: () => undefined });
      await expect(unknown).rejects.toThrow('self-signed certificate');
      const byAddress = verified.replace('localhost', '127.0.0.1');
      const other = openPostgres({ url: byAddress, password, ca, onError: () => undefined });
      await expect(other).rejects.toThrow(/altnames/);
    });

    it('says why it cannot be opened', async () => {
      const { url } = servers().postgres;
      const wrong = openPostgres({ url, password: 'wrong', onError: () => undefined });
      await expect(wrong).rejects.toThrow('password authentication failed');
      const away = openPostgres({ url: 'postgres://a@127.0.0.1:1/b', password: '', onError: () => undefined });
      await expect(away).rejects.toThrow('ECONNREFUSED');
    });

    it('is given up where it says nothing, once for a transaction, and asked again over another connection', async () => {
      const { folder, postgres } = servers();
      const network = await Toxiproxy.start(folder);
      try {
        const url = await network.through('PostgreSQL', postgres.url);
        const one = { maxConnections: 1, statementMs: 500, onError: () => undefined };
        const other = await openPostgres({ url, password: postgres.password, ...one });
        const stalled = other.transaction().execute(async (transaction) => {
          await network.delay('PostgreSQL', 60_000);
          return sql`select 1`.execute(transaction);
        });
        // The rollback is not waited for: its connection is gone.
        const error: unknown = await stalled.catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ message: 'Client was closed and is not queryable' });
        expect(isStoreAway(error)).toBe(true);
        await network.mend();
        expect(await sql<{ one: number }>`select 1 as one`.execute(other)).toMatchObject({ rows: [{ one: 1 }] });
        await other.destroy();
      } finally {
        await network.stop();
      }
    });

    it('answers again after its connections were cut', async () => {
      const other = await servers().open();
      await sql`select 1`.execute(other);
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid != pg_backend_pid() and backend_type = 'client backend'`.execute(
        servers().db,
      );
      // The cut reaches the pool by itself; until then a query may still meet the dead connection.
      for (let failures = 0; ; failures += 1) {
        const answer = await sql<{ one: number }>`select 1 as one`.execute(other).catch(() => undefined);
        if (answer !== undefined) break;
        expect(failures).toBeLessThan(10);
      }
      await other.destroy();
    });
  });
}
