import { beforeAll, describe, expect, test } from '@jest/globals';
import { LONG_AGO, PASSWORD, type SavedStores, well } from './saved-stores.js';

/** PostgreSQL: a whole dump, the backups that are kept, and one of an earlier time. */
export function describePostgresBackups(stores: () => SavedStores): void {
  describe('PostgreSQL', () => {
    const content = () =>
      stores().database.ask(
        `SELECT md5(string_agg(n || word || coalesce(price::text, '-'), ',' ORDER BY n)) || count(*) FROM words`,
      );
    let before = '';

    beforeAll(() => {
      stores().database.ask(`CREATE TABLE words (n serial PRIMARY KEY, word text NOT NULL, price numeric(12, 6));
        CREATE INDEX words_word ON words (word);
        INSERT INTO words (word, price) SELECT 'Wörter ''"\\ ' || i, CASE i % 3 WHEN 0 THEN NULL ELSE i / 7.0 END FROM generate_series(1, 5000) i`);
      before = content();
      // By its name it is old, though written just now.
      stores().put('backups/postgres/2020-01-01T00-00-00Z/database.dump', 'old');
      stores().put('backups/postgres/2020-01-01T00-00-00Z/SHA256SUMS', 'old');
      stores().put('backups/postgres/before-the-move/database.dump', 'by hand', LONG_AGO);
    });

    test('is saved whole, and what is older than need be goes', () => {
      expect(stores().run('postgres-backup')).toEqual(well('upload'));
      const time = stores().filesIn('backups/postgres')[0]?.split('/')[0];
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/);
      expect(stores().filesIn('backups/postgres')).toEqual([
        `${time}/SHA256SUMS`,
        `${time}/database.dump`,
        'before-the-move/database.dump',
      ]);
      stores().rclone('purge', 's:backups/postgres/before-the-move');
    });

    test('comes back after it was lost, with its sequences and indexes', () => {
      stores().database.ask(
        'DROP TABLE words; CREATE TABLE words (n int, word text, price numeric); INSERT INTO words VALUES (1)',
      );
      expect(stores().run('postgres-restore')).toEqual(well('restore'));
      expect(content()).toBe(before);
      expect(stores().database.ask(`INSERT INTO words (word) VALUES ('next') RETURNING n`)).toBe('5001');
      expect(stores().database.ask(`SELECT indexname FROM pg_indexes WHERE tablename = 'words' ORDER BY 1`)).toBe(
        'words_pkey\nwords_word',
      );
    });

    test('comes back as it was at an earlier time, where that is asked for', () => {
      const BACKUP = stores().lastIn('backups/postgres');
      stores().rclone('copy', `s:backups/postgres/${BACKUP}`, 's:backups/postgres/2999-01-01T00-00-00Z');
      stores().rclone('deletefile', 's:backups/postgres/2999-01-01T00-00-00Z/SHA256SUMS');
      // A later one that is not whole is no backup.
      expect(stores().run('postgres-restore')).toEqual(well('restore'));
      stores().database.ask('DELETE FROM words');
      expect(stores().run('postgres-restore', { BACKUP })).toEqual(well('restore'));
      expect(content()).toBe(before);
      expect(stores().run('postgres-restore', { BACKUP: '2999-01-01T00-00-00Z' })).toMatchObject({
        status: 1,
        container: 'download',
        output: expect.stringContaining('no whole backup 2999-01-01T00-00-00Z') as unknown,
      });
      stores().rclone('purge', 's:backups/postgres/2999-01-01T00-00-00Z');
    });

    test('is left as it is by a backup that is damaged', () => {
      stores().put('backups/postgres/2998-01-01T00-00-00Z/database.dump', 'not what was written');
      stores().put('backups/postgres/2998-01-01T00-00-00Z/SHA256SUMS', `${'0'.repeat(64)}  ./database.dump\n`);
      expect(stores().run('postgres-restore')).toMatchObject({ status: 1, container: 'download' });
      expect(content()).toBe(before);
      stores().rclone('purge', 's:backups/postgres/2998-01-01T00-00-00Z');
    });

    test('keeps its old backups when a new one fails', () => {
      stores().put('backups/postgres/2020-01-01T00-00-00Z/database.dump', 'old', LONG_AGO);
      stores().setSecret('postgres/password', 'changed');
      expect(stores().run('postgres-backup')).toMatchObject({ status: 1, container: 'dump' });
      stores().setSecret('postgres/password', PASSWORD);
      expect(stores().filesIn('backups/postgres')).toContain('2020-01-01T00-00-00Z/database.dump');
    });
  });
}
