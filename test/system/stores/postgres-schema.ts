import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { migrations } from '../../../app/adapters/sql/migrations.js';
import { openPostgres } from '../../../app/adapters/sql/postgres-database.js';
import { until } from '../../support/until.js';
import type { StoreServers } from './store-servers.js';

/** Which it makes before any of ours: of what it has done, and of its lock. */
const KYSELYS_TABLES = 2;

const allChanges = async () => Object.keys(await migrations.getMigrations());

/** How PostgreSQL's schema is brought up to date, by many processes and releases. */
export function describePostgresSchema(servers: () => StoreServers): void {
  describe('the schema of PostgreSQL', () => {
    it('is made once when many processes start together', async () => {
      const { db, postgres } = servers();
      await sql`create database together`.execute(db);
      const url = postgres.url.replace(/postgres$/, 'together');
      const opened = await Promise.all(Array.from({ length: 8 }, () => servers().open(url)));
      const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
        opened[0] ?? db,
      );
      expect(rows.map(({ name }) => name)).toEqual(await allChanges());
      await Promise.all(opened.map((one) => one.destroy()));
    });

    it('is made by another process where one is ended in the middle of it', async () => {
      const { db, postgres } = servers();
      await sql`create database halfway`.execute(db);
      const url = postgres.url.replace(/postgres$/, 'halfway');
      const address = Object.assign(new URL(url), { password: encodeURIComponent(postgres.password) });
      const inTheWay = new pg.Client(address.href);
      await inTheWay.connect();
      // A table of the fifth change, not committed: who makes the same one has done the four before, and waits.
      await inTheWay.query('begin');
      await inTheWay.query('create table spending (nothing int)');
      const ended = servers().open(url);
      const endWhoWaits = sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = 'halfway' and wait_event_type = 'Lock'`;
      await until('it is halfway', async () => (await endWhoWaits.execute(db)).rows.length === 1);
      await expect(ended).rejects.toThrow('cannot be brought up to date');
      await inTheWay.query('rollback');
      const { rows } = await inTheWay.query(`select from pg_tables where schemaname = 'public'`);
      expect(rows.length).toBeLessThanOrEqual(KYSELYS_TABLES);
      await (await servers().open(url)).destroy();
      expect((await inTheWay.query('select from kysely_migration')).rowCount).toBe((await allChanges()).length);
      await inTheWay.end();
    });

    it('serves a release that knows fewer of its changes than were made', async () => {
      const { db } = servers();
      await sql`insert into kysely_migration values ('9999-of-a-later-release', now())`.execute(db);
      const older = await servers().open();
      await sql`delete from kysely_migration where name like '9999%'`.execute(db);
      expect(await sql<{ one: number }>`select 1 as one`.execute(older)).toMatchObject({ rows: [{ one: 1 }] });
      await older.destroy();
    });

    it('is used by a role that may not change it once another has made it; before, that one is told', async () => {
      const { db, postgres } = servers();
      await sql`create role reader login password 'reads'`.execute(db);
      await sql`create database guarded`.execute(db);
      const url = postgres.url.replace(/postgres$/, 'guarded');
      const asReader = { url: url.replace('armature@', 'reader@'), password: 'reads', onError: () => undefined };
      await expect(openPostgres(asReader)).rejects.toThrow(
        /^The schema cannot be brought up to date, from 0001-initial on: permission denied for schema public\. Let a role that may create tables open the database once/,
      );
      const owner = await servers().open(url);
      await sql`grant select on kysely_migration to reader`.execute(owner);
      await (await openPostgres(asReader)).destroy();
      await owner.destroy();
    });
  });
}
