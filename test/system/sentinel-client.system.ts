/** A highly available Redis as the contract describes it: clients know sentinels and a name, and follow the primary. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { openRedis } from '../../app/adapters/redis/open-redis.js';
import { freePorts, Program } from './program.js';

const password = 'opens servers and sentinels';
let folder: string;
let first: Program;
let second: Program;
let sentinel: Program;
let redis: Redis;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'armature-sentinel-'));
  const [one = 0, other = 0, watching = 0] = await freePorts(3);
  const start = (name: string, port: number, lines: readonly string[], ...args: string[]) => {
    const home = join(folder, name);
    mkdirSync(home);
    writeFileSync(
      join(home, 'redis.conf'),
      [`port ${port}`, 'bind 127.0.0.1', `dir "${home}"`, ...lines, ''].join('\n'),
    );
    return new Program('redis-server', [join(home, 'redis.conf'), ...args], home);
  };
  const server = [`requirepass "${password}"`, `masterauth "${password}"`, 'save ""'];
  first = start('first', one, server);
  second = start('second', other, [...server, `replicaof 127.0.0.1 ${one}`]);
  const watched = [
    `monitor redis 127.0.0.1 ${one} 1`,
    `auth-pass redis "${password}"`,
    'down-after-milliseconds redis 500',
  ];
  const watch = watched.map((line) => `sentinel ${line}`);
  // A sentinel asks the primary for its replicas at once and then every ten seconds, and without one it knows of nobody to promote.
  const primary = await openRedis({ url: `redis://127.0.0.1:${one}`, password, onError: () => undefined });
  await first.until(async () => (await primary.info('replication')).includes('state=online'));
  primary.disconnect();
  sentinel = start('sentinel', watching, [`requirepass "${password}"`, ...watch], '--sentinel');
  // The host of the URL is a name to the sentinels: nothing listens there.
  redis = await openRedis({
    url: 'redis://redis:1',
    sentinels: [`127.0.0.1:${watching}`],
    password,
    commandTimeoutMs: 10_000,
    onError: () => undefined,
  });
  const watcher = await openRedis({ url: `redis://127.0.0.1:${watching}`, password, onError: () => undefined });
  const replicas = async () => JSON.stringify(await watcher.call('SENTINEL', 'REPLICAS', 'redis'));
  await sentinel.until(async () => (await replicas()).includes('"master-link-status","ok"'));
  watcher.disconnect();
});

afterAll(async () => {
  redis?.disconnect();
  await Promise.all([first?.stop(), second?.stop(), sentinel?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

it('finds the primary by its sentinels, and the next one when it is lost', async () => {
  await redis.set('before', '1');
  await redis.wait(1, 5_000); // the replica has it
  await first.kill();
  // Until the sentinels have agreed, commands fail or wait; the connection finds the new primary by itself.
  await sentinel.until(async () => (await redis.set('after', '2')) === 'OK', 60_000);
  expect(await redis.mget('before', 'after')).toEqual(['1', '2']);
});
