import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openPostgres } from '../../../app/adapters/sql/postgres-database.js';
import { isStoreAway } from '../../../app/runtime/is-store-away.js';
import { Toxiproxy } from '../toxiproxy.js';
import type { StoreServers } from './store-servers.js';

/** How PostgreSQL is opened, verified, given up and come back to. */
export function describePostgresConnections(servers: () => StoreServers): void {
  describe('PostgreSQL', () => {
    it('is asked over another connection after one took no writes', async () => {
      const { db, postgres } = servers();
      await sql`create database standby`.execute(db);
      const url = postgres.url.replace(/postgres$/, 'standby');
      await (await servers().open(url)).destroy();
      await sql`alter database standby set default_transaction_read_only = on`.execute(db);
      const one = { maxConnections: 1, onError: () => undefined };
      const other = await openPostgres({ url, password: postgres.password, ...one });
      const write = () => sql`insert into documents select * from documents`.execute(other);
      const error: unknown = await write().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: '25006' });
      expect(isStoreAway(error)).toBe(true);
      await sql`alter database standby set default_transaction_read_only = off`.execute(db);
      await write();
      await other.destroy();
    });

    it('tells who finds no connection free that it is away', async () => {
      const { db, postgres } = servers();
      await sql`create role guest login password 'waits' connection limit 1`.execute(db);
      await sql`grant select on kysely_migration to guest`.execute(db);
      const asGuest = { url: postgres.url.replace('armature@', 'guest@'), password: 'waits', onError: () => undefined };
      const first = await openPostgres({ ...asGuest, maxConnections: 2 });
      await sql`select 1`.execute(first);
      const second: unknown = await openPostgres(asGuest).catch((thrown: unknown) => thrown);
      expect(second).toMatchObject({ message: 'too many connections for role "guest"' });
      expect(isStoreAway(second)).toBe(true);
      await first.destroy();
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
