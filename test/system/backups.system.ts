import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { at, find, type Manifest } from '../support/cluster.js';
import { type JobRun, runCronJob } from './cron-job.js';
import { Database } from './database.js';
import { releasedEnvironments, shippedEnvironments } from './environments.js';
import { type ObjectStoreServer, startObjectStore } from './object-store.js';
import { freePorts, Program } from './program.js';
import { startStandIn } from './qdrant.js';
import { RabbitMqServer } from './rabbitmq.js';
import { tool } from './tools.js';

interface Definitions {
  readonly queues: unknown;
  readonly exchanges: unknown;
  readonly bindings: unknown;
  readonly policies: unknown;
  readonly users: unknown;
}

const environmentNamed = (name: string): readonly Manifest[] =>
  [...shippedEnvironments(), ...releasedEnvironments()].find((one) => one.name === name)?.objects ?? [];
/** One server each of Redis and PostgreSQL, saved to the object store beside them. */
const dev = environmentNamed('dev');
/** Every store, saved to another object store. */
const inCluster = environmentNamed('production-in-cluster');

const USER = 'armature';
/** What a shell, JSON, SQL or a URL would trip over. */
const PASSWORD = String.raw`it's "a" pass\word $HOME %1`;
const KEYS = { id: 'AKIDEXAMPLE', key: 'secret/with+signs' };

const folder = mkdtempSync(join(tmpdir(), 'armature-backups-'));
const programs: Program[] = [];
let database: Database;
let store: ObjectStoreServer;
let redisPort = 0;

beforeAll(async () => {
  for (const [path, value] of [
    ['postgres/password', PASSWORD],
    ['redis/password', PASSWORD],
    ['object-store/access-key-id', KEYS.id],
    ['object-store/secret-access-key', KEYS.key],
    ['backup-target/access-key-id', KEYS.id],
    ['backup-target/secret-access-key', KEYS.key],
  ] as const) {
    const file = join(folder, 'secrets', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, value);
  }
  database = await Database.start(folder, USER, PASSWORD);
  store = await startObjectStore(folder);
  [redisPort = 0] = await freePorts(1);
  const config = join(folder, 'redis.conf');
  const quoted = PASSWORD.replace(/[\\"]/g, '\\$&');
  writeFileSync(config, `port ${redisPort}\nbind 127.0.0.1\nsave ""\nrequirepass "${quoted}"\ndir ${folder}\n`);
  const redisServer = new Program('redis-server', [config], folder);
  programs.push(database.program, store.program, redisServer);
  await redisServer.until(async () => redis('PING') === 'PONG');
});

afterAll(async () => {
  for (const program of programs) await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Where the servers are on this machine. */
function places(): Readonly<Record<string, string>> {
  return {
    PGHOST: '127.0.0.1',
    PGPORT: String(database.port),
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(redisPort),
    RCLONE_CONFIG_BACKUPS_ENDPOINT: store.endpoint,
    RCLONE_CONFIG_STORE_ENDPOINT: store.endpoint,
  };
}

function run(name: string, env: Readonly<Record<string, string>> = {}, objects = dev): JobRun {
  return runCronJob(find(objects, 'CronJob', name), folder, { ...places(), ...env });
}

function redis(...args: readonly string[]): string {
  const { stdout } = spawnSync(tool('redis-cli'), ['-p', String(redisPort), ...args], {
    encoding: 'utf8',
    env: { ...process.env, REDISCLI_AUTH: PASSWORD },
  });
  return stdout.trim();
}

/** rclone as a person would use it, on the store that backups go to. */
function rclone(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(tool('rclone'), args, {
    encoding: 'utf8',
    env: {
      // Nothing of what this machine says of S3.
      PATH: process.env.PATH,
      HOME: folder,
      RCLONE_CONFIG: '/dev/null',
      RCLONE_CONFIG_S_TYPE: 's3',
      RCLONE_CONFIG_S_PROVIDER: 'Other',
      RCLONE_CONFIG_S_ENDPOINT: store.endpoint,
      RCLONE_CONFIG_S_ACCESS_KEY_ID: KEYS.id,
      RCLONE_CONFIG_S_SECRET_ACCESS_KEY: KEYS.key,
    },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

const filesIn = (path: string) => rclone('lsf', '--recursive', '--files-only', `s:${path}`).split('\n').sort();
/** Name of the last backup. */
const lastIn = (path: string) => filesIn(path).at(-1)?.split('/')[0] ?? '';

/** Before everything that is kept. */
const LONG_AGO = new Date('2020-01-01');

/** Puts a file below the path in the object store, as if it had been written then. */
function put(path: string, text: string, writtenAt = new Date()): void {
  const file = join(folder, 'put');
  writeFileSync(file, text);
  utimesSync(file, writtenAt, writtenAt);
  rclone('copyto', file, `s:${path}`);
}

const well = (container: string) => expect.objectContaining({ status: 0, container });

describe('PostgreSQL', () => {
  const content = () =>
    database.ask(
      `SELECT md5(string_agg(n || word || coalesce(price::text, '-'), ',' ORDER BY n)) || count(*) FROM words`,
    );
  let before = '';

  beforeAll(() => {
    database.ask(`CREATE TABLE words (n serial PRIMARY KEY, word text NOT NULL, price numeric(12, 6));
      CREATE INDEX words_word ON words (word);
      INSERT INTO words (word, price) SELECT 'Wörter ''"\\ ' || i, CASE i % 3 WHEN 0 THEN NULL ELSE i / 7.0 END FROM generate_series(1, 5000) i`);
    before = content();
    // By its name it is old, though written just now.
    put('backups/postgres/2020-01-01T00-00-00Z/database.dump', 'old');
    put('backups/postgres/2020-01-01T00-00-00Z/SHA256SUMS', 'old');
    put('backups/postgres/before-the-move/database.dump', 'by hand', LONG_AGO);
  });

  test('is saved whole, and what is older than need be goes', () => {
    expect(run('postgres-backup')).toEqual(well('upload'));
    const time = filesIn('backups/postgres')[0]?.split('/')[0];
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/);
    expect(filesIn('backups/postgres')).toEqual([
      `${time}/SHA256SUMS`,
      `${time}/database.dump`,
      'before-the-move/database.dump',
    ]);
    rclone('purge', 's:backups/postgres/before-the-move');
  });

  test('comes back after it was lost, with its sequences and indexes', () => {
    database.ask(
      'DROP TABLE words; CREATE TABLE words (n int, word text, price numeric); INSERT INTO words VALUES (1)',
    );
    expect(run('postgres-restore')).toEqual(well('restore'));
    expect(content()).toBe(before);
    expect(database.ask(`INSERT INTO words (word) VALUES ('next') RETURNING n`)).toBe('5001');
    expect(database.ask(`SELECT indexname FROM pg_indexes WHERE tablename = 'words' ORDER BY 1`)).toBe(
      'words_pkey\nwords_word',
    );
  });

  test('comes back as it was at an earlier time, where that is asked for', () => {
    const BACKUP = lastIn('backups/postgres');
    rclone('copy', `s:backups/postgres/${BACKUP}`, 's:backups/postgres/2999-01-01T00-00-00Z');
    rclone('deletefile', 's:backups/postgres/2999-01-01T00-00-00Z/SHA256SUMS');
    // A later one that is not whole is no backup.
    expect(run('postgres-restore')).toEqual(well('restore'));
    database.ask('DELETE FROM words');
    expect(run('postgres-restore', { BACKUP })).toEqual(well('restore'));
    expect(content()).toBe(before);
    expect(run('postgres-restore', { BACKUP: '2999-01-01T00-00-00Z' })).toMatchObject({
      status: 1,
      container: 'download',
      output: expect.stringContaining('no whole backup 2999-01-01T00-00-00Z') as unknown,
    });
    rclone('purge', 's:backups/postgres/2999-01-01T00-00-00Z');
  });

  test('is left as it is by a backup that is damaged', () => {
    put('backups/postgres/2998-01-01T00-00-00Z/database.dump', 'not what was written');
    put('backups/postgres/2998-01-01T00-00-00Z/SHA256SUMS', `${'0'.repeat(64)}  ./database.dump\n`);
    expect(run('postgres-restore')).toMatchObject({ status: 1, container: 'download' });
    expect(content()).toBe(before);
    rclone('purge', 's:backups/postgres/2998-01-01T00-00-00Z');
  });

  test('keeps its old backups when a new one fails', () => {
    const file = join(folder, 'secrets/postgres/password');
    put('backups/postgres/2020-01-01T00-00-00Z/database.dump', 'old', LONG_AGO);
    writeFileSync(file, 'changed');
    expect(run('postgres-backup')).toMatchObject({ status: 1, container: 'dump' });
    writeFileSync(file, PASSWORD);
    expect(filesIn('backups/postgres')).toContain('2020-01-01T00-00-00Z/database.dump');
  });
});

describe('Redis', () => {
  const names = ['text', 'fleeting', 'fields', 'ranks', 'binary', 'sp ace'];
  const content = () => names.map((name) => redis('DUMP', name));
  let before: string[] = [];

  beforeAll(() => {
    redis('SET', 'text', 'Wörter " \\ $');
    redis('SET', 'fleeting', 'gone soon', 'EX', '5000');
    redis('HSET', 'fields', 'a', '1', 'b', '2');
    redis('ZADD', 'ranks', '1.5', 'one', '2', 'two');
    redis('EVAL', String.raw`redis.call('SET', 'binary', '\0\1\255\n'); redis.call('SET', 'key\0\255', 'odd')`, '0');
    redis('SET', 'sp ace', 'x');
    redis('EVAL', `for i = 1, 3000 do redis.call('SET', 'many:' .. i, i) end`, '0');
    before = content();
  });

  test('is saved and comes back after it was lost: values of every kind, what they have left to live, and nothing else', () => {
    expect(run('redis-backup')).toEqual(well('upload'));
    redis('FLUSHALL');
    redis('SET', 'stranger', 'made since');
    redis('SET', 'text', 'changed since');
    const restored = run('redis-restore');
    expect(restored).toEqual(well('restore'));
    expect(restored.output).toContain('keys restored: 3007');
    expect(content()).toEqual(before);
    expect(redis('EVAL', String.raw`return redis.call('GET', 'key\0\255')`, '0')).toBe('odd');
    expect(redis('DBSIZE')).toBe('3007');
    expect(Number(redis('TTL', 'fleeting'))).toBeGreaterThan(4000);
    expect(Number(redis('TTL', 'fleeting'))).toBeLessThanOrEqual(5000);
  });
});

describe('RabbitMQ', () => {
  let broker: RabbitMqServer;
  /** A node that does not answer is passed over. */
  const nodes = () => ({
    NODES: `away@127.0.0.1 ${broker.node}`,
    ERL_EPMD_PORT: String(broker.ports.epmd),
    RABBITMQ_DIST_PORT: String(broker.ports.distribution),
  });
  const definitions = async () => {
    const { queues, exchanges, bindings, policies, users } = (await broker.manage('GET', 'definitions')) as Definitions;
    return { queues, exchanges, bindings, policies, users };
  };

  beforeAll(async () => {
    broker = await RabbitMqServer.start();
    const file = join(folder, 'secrets/rabbitmq/erlang-cookie');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, broker.cookie);
    await broker.manage('PUT', 'users/guest-worker', { password: 'secret', tags: '' });
    await broker.manage('PUT', 'exchanges/%2F/made%20by%20hand', { type: 'topic', durable: true });
    await broker.manage('PUT', 'queues/%2F/letters', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await broker.manage('POST', 'bindings/%2F/e/made%20by%20hand/q/letters', { routing_key: 'a.#', arguments: {} });
    await broker.manage('PUT', 'policies/%2F/short', { pattern: '^letters$', definition: { 'max-length': 7 } });
  });
  afterAll(() => broker?.stop());

  test('is saved and comes back after it was lost: queues, exchanges, bindings, policies and users', async () => {
    const before = await definitions();
    expect(run('rabbitmq-backup', nodes())).toEqual(well('upload'));
    await broker.manage('DELETE', 'queues/%2F/letters');
    await broker.manage('DELETE', 'exchanges/%2F/made%20by%20hand');
    await broker.manage('DELETE', 'policies/%2F/short');
    await broker.manage('DELETE', 'users/guest-worker');
    expect(await definitions()).not.toEqual(before);
    expect(run('rabbitmq-restore', nodes())).toEqual(well('restore'));
    expect(await definitions()).toEqual(before);
  });

  test('says so when none of its nodes answers', () => {
    expect(run('rabbitmq-backup', { ...nodes(), NODES: 'away@127.0.0.1' })).toMatchObject({
      status: 1,
      container: 'dump',
      output: expect.stringContaining('None of the nodes answered: away@127.0.0.1') as unknown,
    });
  });
});

describe('Qdrant', () => {
  const NAME = 'passages-256';
  /** Of a cluster each holds its own part. */
  const nodes: Awaited<ReturnType<typeof startStandIn>>[] = [];
  const env = () => ({ NODES: nodes.map(({ url }) => url).join(' ') });
  const ask = async (node: number, method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${nodes[node]?.url}/collections/${path}`, {
      method,
      headers: { 'api-key': PASSWORD, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return at(await answer.json(), 'result');
  };
  const points = (node: number, name = NAME) =>
    ask(node, 'POST', `${name}/points/scroll`, { limit: 1000, with_vector: true });
  const fill = async (node: number, name: string) => {
    await ask(node, 'PUT', name, { vectors: { size: 3, distance: 'Cosine' } });
    await ask(node, 'PUT', `${name}/index`, { field_name: 'tenant', field_schema: 'keyword' });
    const payload = (id: number) => ({ text: `Wörter "\\ ${id}`, tenant: `t${id % 3}` });
    const made = Array.from({ length: 300 }, (_, i) => ({ id: i, vector: [1, i, node], payload: payload(i) }));
    await ask(node, 'PUT', `${name}/points`, { points: made });
  };

  beforeAll(async () => {
    const file = join(folder, 'secrets/qdrant/api-key');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, PASSWORD);
    for (const node of [0, 1]) {
      nodes.push(await startStandIn(join(folder, `qdrant-${node}`), PASSWORD));
      await fill(node, NAME);
    }
    programs.push(...nodes.map(({ program }) => program));
  });

  test('is saved and comes back, each node its own: a collection that was lost, one that was changed, and no other', async () => {
    const before = await Promise.all([points(0), points(1)]);
    expect(at(before[0], 'points')).toHaveLength(300);
    expect(run('qdrant-backup', env())).toEqual(well('upload'));
    // What a node has saved for the backup does not stay on it.
    expect(await ask(0, 'GET', `${NAME}/snapshots`)).toEqual([]);
    await ask(0, 'DELETE', NAME);
    await ask(1, 'POST', `${NAME}/points/delete`, {
      filter: { must: [{ key: 'tenant', match: { value: 't1' } }] },
    });
    await fill(1, 'made-since');
    expect(at(await points(1), 'points')).toHaveLength(200);
    expect(run('qdrant-restore', env())).toEqual(well('restore'));
    expect(await Promise.all([points(0), points(1)])).toEqual(before);
    expect(at(await points(1, 'made-since'), 'points')).toHaveLength(300);
    const nearest = { query: [1, 2, 0], limit: 1, filter: { must: [{ key: 'tenant', match: { value: 't2' } }] } };
    expect(at(await ask(0, 'POST', `${NAME}/points/query`, nearest), 'points.0.id')).toBe('2');
  });

  test('says so when a node does not answer, or does not know who asks, and then saves nothing', async () => {
    const saved = filesIn('backups/qdrant');
    const [away = 0] = await freePorts(1);
    expect(run('qdrant-backup', { NODES: `${nodes[0]?.url} http://127.0.0.1:${away}` })).toMatchObject({
      status: 7,
      container: 'dump',
    });
    writeFileSync(join(folder, 'secrets/qdrant/api-key'), 'changed');
    expect(run('qdrant-backup', env())).toMatchObject({ status: 22, container: 'dump' });
    writeFileSync(join(folder, 'secrets/qdrant/api-key'), PASSWORD);
    expect(filesIn('backups/qdrant')).toEqual(saved);
  });
});

describe('the object store', () => {
  test('is saved to another and comes back: what was deleted, what was changed, and nothing that was added', () => {
    put('documents/tenant/a.pdf', 'a', LONG_AGO);
    put('documents/tenant/ü b.txt', 'b');
    // Older than any that is kept, though its files were written since.
    put('armature-backups/object-store/2020-01-01T00-00-00Z/objects/a', 'a');
    expect(run('object-store-backup', {}, inCluster)).toEqual(well('upload'));
    const folders = new Set(filesIn('armature-backups/object-store').map((path) => path.split('/')[0]));
    expect([...folders]).toEqual([lastIn('armature-backups/object-store')]);
    rclone('deletefile', 's:documents/tenant/a.pdf');
    put('documents/tenant/ü b.txt', 'changed');
    put('documents/tenant/new.txt', 'new');
    expect(run('object-store-restore', {}, inCluster)).toEqual(well('restore'));
    expect(filesIn('documents')).toEqual(['tenant/a.pdf', 'tenant/ü b.txt']);
    expect(rclone('cat', 's:documents/tenant/ü b.txt')).toBe('b');
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
