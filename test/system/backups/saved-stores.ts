import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import { find, type Manifest } from '../../support/cluster.js';
import { type JobRun, runCronJob } from '../cron-job.js';
import { Database } from '../database.js';
import { releasedEnvironments, shippedEnvironments } from '../environments.js';
import { type ObjectStoreServer, startObjectStore } from '../object-store.js';
import { freePorts, Program } from '../program.js';
import { tool } from '../tools.js';

const environmentNamed = (name: string): readonly Manifest[] =>
  [...shippedEnvironments(), ...releasedEnvironments()].find((one) => one.name === name)?.objects ?? [];
/** One server each of Redis and PostgreSQL, saved to the object store beside them. */
export const dev = environmentNamed('dev');
/** Every store, saved to another object store. */
export const inCluster = environmentNamed('production-in-cluster');

const USER = 'armature';
/** What a shell, JSON, SQL or a URL would trip over. */
export const PASSWORD = String.raw`it's "a" pass\word $HOME %1`;
const KEYS = { id: 'AKIDEXAMPLE', key: 'secret/with+signs' };

/** Before everything that is kept. */
export const LONG_AGO = new Date('2020-01-01');

/** A run that did all that it should, to this container's end. */
export const well = (container: string) => expect.objectContaining({ status: 0, container });

/** PostgreSQL, Redis and the object store that backups go to, and the CronJobs' scripts run on them. */
export class SavedStores {
  private constructor(
    readonly folder: string,
    readonly database: Database,
    private readonly redisServer: Program,
    private readonly redisPort: number,
    private readonly store: ObjectStoreServer,
  ) {}

  static async start(): Promise<SavedStores> {
    const folder = mkdtempSync(join(tmpdir(), 'armature-backups-'));
    const database = await Database.start(folder, USER, PASSWORD);
    const store = await startObjectStore(folder);
    const [redisPort = 0] = await freePorts(1);
    const config = join(folder, 'redis.conf');
    const quoted = PASSWORD.replace(/[\\"]/g, '\\$&');
    writeFileSync(config, `port ${redisPort}\nbind 127.0.0.1\nsave ""\nrequirepass "${quoted}"\ndir ${folder}\n`);
    const redisServer = new Program('redis-server', [config], folder);
    const stores = new SavedStores(folder, database, redisServer, redisPort, store);
    for (const [path, value] of [
      ['postgres/password', PASSWORD],
      ['redis/password', PASSWORD],
      ['object-store/access-key-id', KEYS.id],
      ['object-store/secret-access-key', KEYS.key],
      ['backup-target/access-key-id', KEYS.id],
      ['backup-target/secret-access-key', KEYS.key],
    ] as const) {
      stores.setSecret(path, value);
    }
    await redisServer.until(async () => stores.redis('PING') === 'PONG');
    return stores;
  }

  async stop(): Promise<void> {
    for (const program of [this.database.program, this.store.program, this.redisServer]) await program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What a pod finds in `/secrets` under this path. */
  setSecret(path: string, value: string): void {
    const file = join(this.folder, 'secrets', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, value);
  }

  /** Runs a CronJob's scripts once, with the servers where they are on this machine. */
  run(name: string, env: Readonly<Record<string, string>> = {}, objects = dev): JobRun {
    return runCronJob(find(objects, 'CronJob', name), this.folder, {
      PGHOST: '127.0.0.1',
      PGPORT: String(this.database.port),
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(this.redisPort),
      RCLONE_CONFIG_BACKUPS_ENDPOINT: this.store.endpoint,
      RCLONE_CONFIG_STORE_ENDPOINT: this.store.endpoint,
      ...env,
    });
  }

  redis(...args: readonly string[]): string {
    const { stdout } = spawnSync(tool('redis-cli'), ['-p', String(this.redisPort), ...args], {
      encoding: 'utf8',
      env: { ...process.env, REDISCLI_AUTH: PASSWORD },
    });
    return stdout.trim();
  }

  /** rclone as a person would use it, on the store that backups go to. */
  rclone(...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(tool('rclone'), args, {
      encoding: 'utf8',
      env: {
        // Nothing of what this machine says of S3.
        PATH: process.env.PATH,
        HOME: this.folder,
        RCLONE_CONFIG: '/dev/null',
        RCLONE_CONFIG_S_TYPE: 's3',
        RCLONE_CONFIG_S_PROVIDER: 'Other',
        RCLONE_CONFIG_S_ENDPOINT: this.store.endpoint,
        RCLONE_CONFIG_S_ACCESS_KEY_ID: KEYS.id,
        RCLONE_CONFIG_S_SECRET_ACCESS_KEY: KEYS.key,
      },
    });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  /** Puts a file below the path in the object store, as if it had been written then. */
  put(path: string, text: string, writtenAt = new Date()): void {
    const file = join(this.folder, 'put');
    writeFileSync(file, text);
    utimesSync(file, writtenAt, writtenAt);
    this.rclone('copyto', file, `s:${path}`);
  }

  filesIn(path: string): string[] {
    return this.rclone('lsf', '--recursive', '--files-only', `s:${path}`).split('\n').sort();
  }

  /** Name of the last backup. */
  lastIn(path: string): string {
    return this.filesIn(path).at(-1)?.split('/')[0] ?? '';
  }
}
