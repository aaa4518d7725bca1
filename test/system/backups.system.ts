import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describePostgresBackups } from './backups/postgres-backups.js';
import { describeQdrantBackups } from './backups/qdrant-backups.js';
import { describeRabbitMqBackups } from './backups/rabbitmq-backups.js';
import { dev, inCluster, LONG_AGO, SavedStores, well } from './backups/saved-stores.js';

let stores: SavedStores;
beforeAll(async () => {
  stores = await SavedStores.start();
});
afterAll(() => stores?.stop());

describePostgresBackups(() => stores);

describe('Redis', () => {
  const names = ['text', 'fleeting', 'fields', 'ranks', 'binary', 'sp ace'];
  const content = () => names.map((name) => stores.redis('DUMP', name));
  let before: string[] = [];

  beforeAll(() => {
    stores.redis('SET', 'text', 'Wörter " \\ $');
    stores.redis('SET', 'fleeting', 'gone soon', 'EX', '5000');
    stores.redis('HSET', 'fields', 'a', '1', 'b', '2');
    stores.redis('ZADD', 'ranks', '1.5', 'one', '2', 'two');
    stores.redis(
      'EVAL',
      String.raw`redis.call('SET', 'binary', '\0\1\255\n'); redis.call('SET', 'key\0\255', 'odd')`,
      '0',
    );
    stores.redis('SET', 'sp ace', 'x');
    stores.redis('EVAL', `for i = 1, 3000 do redis.call('SET', 'many:' .. i, i) end`, '0');
    before = content();
  });

  test('is saved and comes back after it was lost: values of every kind, what they have left to live, and nothing else', () => {
    expect(stores.run('redis-backup')).toEqual(well('upload'));
    stores.redis('FLUSHALL');
    stores.redis('SET', 'stranger', 'made since');
    stores.redis('SET', 'text', 'changed since');
    const restored = stores.run('redis-restore');
    expect(restored).toEqual(well('restore'));
    expect(restored.output).toContain('keys restored: 3007');
    expect(content()).toEqual(before);
    expect(stores.redis('EVAL', String.raw`return redis.call('GET', 'key\0\255')`, '0')).toBe('odd');
    expect(stores.redis('DBSIZE')).toBe('3007');
    expect(Number(stores.redis('TTL', 'fleeting'))).toBeGreaterThan(4000);
    expect(Number(stores.redis('TTL', 'fleeting'))).toBeLessThanOrEqual(5000);
  });
});

describeRabbitMqBackups(() => stores);
describeQdrantBackups(() => stores);

describe('the object store', () => {
  test('is saved to another and comes back: what was deleted, what was changed, and nothing that was added', () => {
    stores.put('documents/tenant/a.pdf', 'a', LONG_AGO);
    stores.put('documents/tenant/ü b.txt', 'b');
    // Older than any that is kept, though its files were written since.
    stores.put('armature-backups/object-store/2020-01-01T00-00-00Z/objects/a', 'a');
    expect(stores.run('object-store-backup', {}, inCluster)).toEqual(well('upload'));
    const folders = new Set(stores.filesIn('armature-backups/object-store').map((path) => path.split('/')[0]));
    expect([...folders]).toEqual([stores.lastIn('armature-backups/object-store')]);
    stores.rclone('deletefile', 's:documents/tenant/a.pdf');
    stores.put('documents/tenant/ü b.txt', 'changed');
    stores.put('documents/tenant/new.txt', 'new');
    expect(stores.run('object-store-restore', {}, inCluster)).toEqual(well('restore'));
    expect(stores.filesIn('documents')).toEqual(['tenant/a.pdf', 'tenant/ü b.txt']);
    expect(stores.rclone('cat', 's:documents/tenant/ü b.txt')).toBe('b');
  });
});

describe('the document', () => {
  const text = readFileSync(new URL('../../docs/how-to/backup-and-restore.md', import.meta.url), 'utf8');

  test('names CronJobs that there are, and every one that restores', () => {
    const named = new Set([...text.matchAll(/cronjob\/([a-z-]+)/g)].map(([, name]) => name));
    const there = [...dev, ...inCluster].filter(({ kind }) => kind === 'CronJob').map(({ metadata }) => metadata.name);
    expect([...named].filter((name) => !there.includes(name ?? ''))).toEqual([]);
    expect(there.filter((name) => name.endsWith('-restore') && !text.includes(name))).toEqual([]);
  });
});
