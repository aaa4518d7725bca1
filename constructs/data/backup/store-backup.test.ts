import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { at, emptyChart, find, type Manifest, manifestsIn, testPlatform } from '../../../test/support/cluster.js';
import { image, jobs, resources } from '../../../test/support/own-contract.js';
import type { DataStore } from '../data-store.js';
import { ObjectStore } from '../object-store.js';
import { Postgres } from '../postgres.js';
import { Qdrant } from '../qdrant.js';
import { RabbitMq } from '../rabbitmq.js';
import { Redis } from '../redis.js';
import { Backups, backupChoice } from './backup-choice.js';
import { BackupTarget, type BackupTargetChoice, backupDestination } from './backup-target.js';
import { StoreBackup } from './store-backup.js';

const platform = testPlatform();
const ref = (key: string) => ({ secret: 'store', key });
const spec = { name: 'depot', port: 7200, metricsPort: 7201, metricsPath: '/metrics', metrics: [] };
const common = { storage: '2Gi', resources, backups: Backups.daily({ at: '03:05', keepDays: 9 }) } as const;
const keys = { accessKeyId: ref('id'), secretAccessKey: ref('key') };
const props = { platform, spec, image } as const;

const stores: Record<string, () => DataStore> = {
  redis: () =>
    new Redis(emptyChart(), 'depot', {
      ...props,
      exporterImage: image,
      sentinelPort: 7204,
      choice: Redis.inCluster({ ...common, topology: Redis.sentinel({ replicas: 3 }), password: ref('password') }),
    }),
  postgres: () =>
    new Postgres(emptyChart(), 'depot', {
      ...props,
      exporterImage: image,
      database: 'words',
      choice: Postgres.inCluster({ ...common, password: ref('password') }),
    }),
  qdrant: () =>
    new Qdrant(emptyChart(), 'depot', {
      ...props,
      clientImage: image,
      nodePort: 7205,
      choice: Qdrant.inCluster({ ...common, replicas: 3, apiKey: ref('api-key'), readOnlyApiKey: ref('read-only') }),
    }),
  rabbitmq: () =>
    new RabbitMq(emptyChart(), 'depot', {
      ...props,
      user: 'clerk',
      topologies: [jobs],
      peerDiscoveryPort: 7202,
      distributionPort: 7203,
      choice: RabbitMq.inCluster({ ...common, replicas: 3, password: ref('password'), erlangCookie: ref('cookie') }),
    }),
  objectStore: () => objectStore,
};
const objectStore = new ObjectStore(emptyChart(), 'depot', {
  ...props,
  copierImage: image,
  region: 'here',
  choice: ObjectStore.inCluster({ ...common, bucket: 'words', ...keys }),
});

function build(
  store: DataStore,
  target: BackupTargetChoice = BackupTarget.objectStore({ bucket: 'safe' }),
  objects: ObjectStore = objectStore,
) {
  const chart = emptyChart();
  if (!store.backup) throw new Error('The store has no plan for its backup.');
  const backup = new StoreBackup(chart, 'backup', {
    platform,
    spec: { name: 'depot-backup' },
    store,
    plan: store.backup,
    destination: backupDestination(target, { objectStore: objects, region: 'here' }),
    image,
  });
  return { backup, manifests: manifestsIn(chart) };
}

const POD = 'spec.jobTemplate.spec.template.spec';
interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: readonly { name: string; value: string }[];
  readonly volumeMounts: readonly { name: string; mountPath: string }[];
}
const containersOf = (job: Manifest) =>
  [`${POD}.initContainers`, `${POD}.containers`].flatMap((path) => at(job, path) as readonly Container[]);

describe.each(Object.entries(stores))('%s', (_, store) => {
  const { manifests } = build(store());
  const backup = find(manifests, 'CronJob', 'depot-backup');
  const restore = find(manifests, 'CronJob', 'depot-restore');

  test('is saved once a day, one run at a time, each within its time', () => {
    expect(backup.spec).toMatchObject({
      schedule: '5 3 * * *',
      timeZone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 7200,
      jobTemplate: { spec: { activeDeadlineSeconds: 7200, template: { spec: { restartPolicy: 'Never' } } } },
    });
    expect(backup.spec).not.toHaveProperty('suspend');
    expect(containersOf(backup).map(({ name }) => name)).toEqual(['dump', 'upload']);
  });

  test('is restored by nobody but a person', () => {
    expect(restore.spec).toMatchObject({ suspend: true });
    expect(containersOf(restore).map(({ name }) => name)).toEqual(['download', 'restore']);
  });

  test('runs as an account of its own, without a token', () => {
    for (const job of [backup, restore]) {
      expect(at(job, POD)).toMatchObject({ serviceAccountName: 'depot-backup', automountServiceAccountToken: false });
    }
    expect(find(manifests, 'ServiceAccount')).toMatchObject({
      metadata: { name: 'depot-backup' },
      automountServiceAccountToken: false,
    });
  });

  test('has scripts that a shell understands, and no secret’s value', () => {
    for (const { name, command } of [...containersOf(backup), ...containersOf(restore)]) {
      expect(command.slice(0, 2)).toEqual(['sh', '-c']);
      const { status, stderr } = spawnSync('sh', ['-n', '-c', command[2] ?? ''], { encoding: 'utf8' });
      expect({ name, status, stderr }).toEqual({ name, status: 0, stderr: '' });
    }
    expect(JSON.stringify(manifests)).not.toContain('secretKeyRef');
  });

  test('keeps its files for so many days', () => {
    const upload = containersOf(backup)[1]?.command[2];
    expect(upload).toContain('- 9 * 86400');
    // Only a backup that is whole lets an older one go.
    expect(upload?.indexOf('rclone purge')).toBeGreaterThan(
      upload?.indexOf('rclone check') ?? Number.POSITIVE_INFINITY,
    );
  });

  test('has a scratch volume of its own', () => {
    const volumes = at(backup, `${POD}.volumes`) as { name: string; ephemeral?: object }[];
    expect(volumes.filter(({ name }) => name === 'backup')).toMatchObject([{ ephemeral: { volumeClaimTemplate: {} } }]);
  });
});

describe('a backup', () => {
  test('connects to its store and to where it is kept', () => {
    const { backup } = build((stores.redis as () => DataStore)());
    const from = { kind: 'pods', name: 'depot-backup' };
    const to = { kind: 'pods', name: 'depot' };
    expect(backup.connections).toEqual([
      { from, to, port: 7200 },
      { from, to, port: 7204 },
      { from, to: objectStore.peer, port: 7200 },
    ]);
  });

  test('goes to another store by its own credentials, where that was chosen', () => {
    const target = BackupTarget.managed({
      url: 'https://vault.example.org',
      cidrs: ['10.9.0.0/16'],
      region: 'far',
      bucket: 'safe',
      accessKeyId: { secret: 'vault', key: 'id' },
      secretAccessKey: { secret: 'vault', key: 'key' },
    });
    const { backup, manifests } = build((stores.postgres as () => DataStore)(), target);
    expect(backup.connections.at(-1)).toMatchObject({ to: { kind: 'addresses', cidrs: ['10.9.0.0/16'] }, port: 443 });
    const [dump, upload] = containersOf(find(manifests, 'CronJob', 'depot-backup'));
    // Neither container reads what the other does.
    expect(dump?.volumeMounts.map(({ name }) => name)).toEqual(['tmp', 'backup', 'secret-store']);
    expect(upload?.volumeMounts.map(({ name }) => name)).toEqual(['tmp', 'backup', 'secret-vault']);
    expect(upload?.env).toContainEqual({ name: 'FOLDER', value: 'safe/depot' });
  });

  test('goes to a cloud by the identity that it gives the pods, where that holds no keys', () => {
    const choice = ObjectStore.managed({ url: 'https://s3.example.org', cidrs: ['0.0.0.0/0'], bucket: 'words' });
    const cloud = new ObjectStore(emptyChart(), 'depot', { ...props, copierImage: image, region: 'far', choice });
    const { manifests } = build(
      (stores.postgres as () => DataStore)(),
      BackupTarget.objectStore({ bucket: 'safe' }),
      cloud,
    );
    const [, upload] = containersOf(find(manifests, 'CronJob', 'depot-backup'));
    expect(upload?.volumeMounts.map(({ name }) => name)).toEqual(['tmp', 'backup']);
    expect(upload?.env).toContainEqual({ name: 'RCLONE_CONFIG_BACKUPS_ENV_AUTH', value: 'true' });
  });

  test('of several nodes has room for what all of them hold', () => {
    expect((stores.qdrant as () => DataStore)().backup?.storage).toBe('6Gi');
  });

  test('is not there where it was declined, and that takes a reason', () => {
    const choice = Postgres.inCluster({ ...common, backups: Backups.none('a test'), password: ref('password') });
    const declined = new Postgres(emptyChart(), 'depot', { ...props, exporterImage: image, database: 'words', choice });
    expect(declined.backup).toBeUndefined();
    expect(backupChoice.safeParse({ kind: 'none', why: '' }).error?.issues[0]?.message).toMatch(/must say why/);
    expect(backupChoice.safeParse({ kind: 'daily', at: '25:00', keepDays: 3 }).error?.issues[0]?.message).toMatch(
      /time of day in UTC, such as 02:30/,
    );
  });
});
