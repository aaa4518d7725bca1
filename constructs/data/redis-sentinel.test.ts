import { describe, expect, test } from '@jest/globals';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { image, resources } from '../../test/support/own-contract.js';
import { Backups } from './backup/backup-choice.js';
import { Redis } from './redis.js';

const NODES = [0, 1, 2].map((i) => `depot-${i}.depot-nodes.team.svc.cluster.local`);

const chart = emptyChart();
const redis = new Redis(chart, 'depot', {
  platform: testPlatform(),
  spec: { name: 'depot', port: 7200, metricsPort: 7201, metricsPath: '/metrics', metrics: [] },
  image,
  exporterImage: image,
  sentinelPort: 7204,
  choice: Redis.inCluster({
    topology: Redis.sentinel({ replicas: 3 }),
    storage: '2Gi',
    resources,
    backups: Backups.none('a test'),
    password: { secret: 'store', key: 'password' },
  }),
});
const manifests = manifestsIn(chart);
const server = find(manifests, 'StatefulSet');
const script = String(at(server, 'spec.template.spec.initContainers.0.command.2'));

describe('a highly available Redis', () => {
  test('has a server, a sentinel and an exporter in each of its pods', () => {
    expect(at(server, 'spec.replicas')).toBe(3);
    const containers = at(server, 'spec.template.spec.containers') as { name: string; command?: string[] }[];
    expect(containers.map(({ name }) => name)).toEqual(['depot', 'sentinel', 'exporter']);
    expect(containers[1]?.command).toEqual(['redis-server', '/data/sentinel.conf', '--sentinel']);
  });

  test('tells clients where to ask for the primary, which the sentinels know by the host of its URL', () => {
    expect(redis).toMatchObject({ url: 'redis://depot:7200', sentinels: ['depot:7204'], furtherPorts: [7204] });
    expect(at(find(manifests, 'Service', 'depot'), 'spec.ports')).toMatchObject([{ port: 7200 }, { port: 7204 }]);
    expect(script).toContain('sentinel monitor depot $primary 7200 2');
  });

  test('lets its nodes reach each other’s server and sentinel', () => {
    expect(redis.peerPorts).toEqual([7200, 7204]);
    expect(script).toContain(`nodes="${NODES.join(' ')}"`);
  });

  test('takes no write that no replica gets', () => {
    expect(script).toContain('min-replicas-to-write 1');
  });

  test('asks for the password everywhere: clients, replicas and sentinels', () => {
    for (const line of ['requirepass', 'masterauth', 'sentinel auth-pass depot', 'sentinel sentinel-pass']) {
      expect(script).toContain(`${line} "$password"`);
    }
  });

  test('is the one standalone server, with nobody to ask, where that was chosen', () => {
    const alone = new Redis(emptyChart(), 'depot', {
      platform: testPlatform(),
      spec: redis.spec,
      image,
      exporterImage: image,
      sentinelPort: 7204,
      choice: Redis.inCluster({
        topology: Redis.standalone(),
        storage: '2Gi',
        resources,
        backups: Backups.none('a test'),
        password: { secret: 'store', key: 'password' },
      }),
    });
    expect(alone.sentinels).toBeUndefined();
    expect(alone.peerPorts).toBeUndefined();
  });
});
