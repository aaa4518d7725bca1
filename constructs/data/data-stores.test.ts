import { describe, expect, test } from '@jest/globals';
import { Chart } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { image, jobs, resources } from '../../test/support/own-contract.js';
import { Backups } from './backup/backup-choice.js';
import type { DataStore } from './data-store.js';
import { ObjectStore, type ObjectStoreChoice } from './object-store.js';
import { Postgres, type PostgresChoice, postgresChoice } from './postgres.js';
import { Qdrant, type QdrantChoice, qdrantChoice } from './qdrant.js';
import { RabbitMq } from './rabbitmq.js';
import { type RabbitMqChoice, rabbitMqChoice } from './rabbitmq-props.js';
import { Redis } from './redis.js';
import { type RedisChoice, redisChoice } from './redis-props.js';

const platform = testPlatform();
const common = { storage: '2Gi', resources, backups: Backups.none('a test') } as const;
const cidrs = ['10.7.0.0/16'];
const ref = (key: string) => ({ secret: 'store', key });
const bucket = { bucket: 'words', accessKeyId: ref('id'), secretAccessKey: ref('key') };
const spec = { name: 'depot', port: 7200, metricsPort: 7201, metricsPath: '/metrics', metrics: [] };

const inCluster = {
  redis: Redis.inCluster({ topology: Redis.standalone(), ...common, password: ref('password') }),
  qdrant: Qdrant.inCluster({ replicas: 1, ...common, apiKey: ref('api-key'), readOnlyApiKey: ref('read-only') }),
};

/** A store by either choice, with all else the same. */
function placed<Choice, Store>(make: (chart: Chart, choice: Choice) => Store, here: Choice, elsewhere: Choice) {
  return {
    inCluster: (chart = emptyChart()) => make(chart, here),
    managed: () => make(emptyChart(), elsewhere),
  };
}

const parts = { platform, spec, image, exporterImage: image, clientImage: image, copierImage: image };

/** Each store, in the cluster and managed, all under the same contract. */
const stores = {
  redis: {
    ...placed<RedisChoice, Redis>(
      (chart, choice) => new Redis(chart, 'depot', { ...parts, sentinelPort: 7204, choice }),
      inCluster.redis,
      Redis.managed({ url: 'rediss://redis.example.org:6380', cidrs, password: ref('password') }),
    ),
    inClusterUrl: 'redis://depot:7200',
    managedPort: 6380,
  },
  postgres: {
    ...placed<PostgresChoice, Postgres>(
      (chart, choice) => new Postgres(chart, 'depot', { ...parts, database: 'words', choice }),
      Postgres.inCluster({ ...common, password: ref('password') }),
      Postgres.managed({
        url: 'postgres://words@pg.example.org/words?sslmode=verify-full',
        cidrs,
        password: ref('password'),
      }),
    ),
    inClusterUrl: 'postgres://words@depot:7200/words',
    managedPort: 7200,
  },
  qdrant: {
    ...placed<QdrantChoice, Qdrant>(
      (chart, choice) => new Qdrant(chart, 'depot', { ...parts, nodePort: 7205, choice }),
      inCluster.qdrant,
      Qdrant.managed({ url: 'https://q.example.org', cidrs, apiKey: ref('api-key') }),
    ),
    inClusterUrl: 'http://depot:7200',
    managedPort: 443,
  },
  rabbitmq: {
    ...placed<RabbitMqChoice, RabbitMq>(
      (chart, choice) =>
        new RabbitMq(chart, 'depot', {
          ...parts,
          user: 'clerk',
          topologies: [jobs],
          peerDiscoveryPort: 7202,
          distributionPort: 7203,
          choice,
        }),
      RabbitMq.inCluster({ ...common, replicas: 3, password: ref('password'), erlangCookie: ref('cookie') }),
      RabbitMq.managed({ url: 'amqps://clerk@mq.example.org:5671', cidrs, password: ref('password') }),
    ),
    inClusterUrl: 'amqp://clerk@depot:7200',
    managedPort: 5671,
  },
  objectStore: {
    ...placed<ObjectStoreChoice, ObjectStore>(
      (chart, choice) => new ObjectStore(chart, 'depot', { ...parts, region: 'here', choice }),
      ObjectStore.inCluster({ ...common, ...bucket }),
      ObjectStore.managed({ url: 'https://s3.example.org', cidrs, ...bucket }),
    ),
    inClusterUrl: 'http://depot:7200',
    managedPort: 443,
  },
};

describe.each(Object.entries(stores))('%s', (_, { inCluster, managed, inClusterUrl, managedPort }) => {
  const chart = emptyChart();
  const built = inCluster(chart);
  const manifests = manifestsIn(chart);
  const pod = () => at(find(manifests, 'StatefulSet'), 'spec.template.spec');

  test('in the cluster is reached under the contract’s name and port', () => {
    expect(built).toMatchObject({
      url: inClusterUrl,
      peer: { kind: 'pods', name: 'depot' },
      port: 7200,
      inCluster: true,
    });
    expect(at(find(manifests, 'Service', 'depot'), 'spec.ports')).toMatchObject([{ port: 7200 }]);
    expect(at(pod(), 'containers.0.ports')).toContainEqual(expect.objectContaining({ containerPort: 7200 }));
  });

  test('keeps its data on a volume for each replica, behind a headless Service', () => {
    expect(at(find(manifests, 'StatefulSet'), 'spec')).toMatchObject({
      serviceName: 'depot-nodes',
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { resources: { requests: { storage: '2Gi' } } } }],
    });
    expect(at(find(manifests, 'Service', 'depot-nodes'), 'spec')).toMatchObject({ clusterIP: 'None' });
  });

  test('never holds a secret’s value: it reads mounted files', () => {
    const volumes = at(pod(), 'volumes') as { secret?: { secretName: string } }[];
    expect(volumes.flatMap(({ secret }) => secret?.secretName ?? [])).toEqual(['store']);
    expect(JSON.stringify(manifests)).not.toContain('secretKeyRef');
  });

  test('has probes that differ', () => {
    const container = at(pod(), 'containers.0') as { readinessProbe: object; livenessProbe: object };
    expect(container.readinessProbe).toBeDefined();
    expect(container.livenessProbe).toBeDefined();
    expect(container.readinessProbe).not.toEqual(container.livenessProbe);
  });

  test('managed leaves nothing in the cluster but its address', () => {
    const store: DataStore = managed();
    expect(manifestsIn(Chart.of(managed()))).toEqual([]);
    expect(store).toMatchObject({ inCluster: false, peer: { kind: 'addresses', cidrs }, port: managedPort });
    expect(store.scrapeTarget).toBeUndefined();
  });
});

describe('Redis in the cluster', () => {
  const chart = emptyChart();
  stores.redis.inCluster(chart);
  const script = String(at(find(manifestsIn(chart), 'StatefulSet'), 'spec.template.spec.initContainers.0.command.2'));

  test('keeps every write, and room for its own work below the memory limit', () => {
    expect(script).toContain('appendonly yes');
    expect(script).toContain(`maxmemory ${0.75 * 2 ** 30}`);
  });

  test('refuses who does not know the password', () => {
    expect(script).toContain('requirepass "$password"');
  });
});

describe('RabbitMQ in the cluster', () => {
  const chart = emptyChart();
  const { definitions } = stores.rabbitmq.inCluster(chart);
  const files = find(manifestsIn(chart), 'ConfigMap').data as Record<string, string>;

  test('holds the topology from its first start', () => {
    expect(JSON.parse(files['topology.json'] ?? '')).toEqual(definitions);
    expect(files['rabbitmq.conf']).toContain('definitions.local.path = /run/armature/definitions.json');
  });

  test('serves its metrics by its own plugin, on the contract’s port', () => {
    expect(files.enabled_plugins).toContain('rabbitmq_prometheus');
    expect(files['rabbitmq.conf']).toContain('prometheus.tcp.port = 7201');
  });

  test('knows its nodes by name, without asking the Kubernetes API', () => {
    const nodes = files['rabbitmq.conf']?.match(/rabbit@depot-\d\.depot-nodes\.team\.svc\.cluster\.local/g);
    expect(nodes).toEqual([0, 1, 2].map((i) => `rabbit@depot-${i}.depot-nodes.team.svc.cluster.local`));
    expect(files['rabbitmq.conf']).toContain('peer_discovery_backend = classic_config');
  });

  // On a read-only root it ended with cannot_log_to_file, erofs: only a real node said so.
  test('has a place for the log of upgrades that it writes whatever else is configured', () => {
    const container = at(find(manifestsIn(chart), 'StatefulSet'), 'spec.template.spec.containers.0');
    const { env, volumeMounts } = container as k8s.Container;
    const base = env?.find(({ name }) => name === 'RABBITMQ_LOG_BASE')?.value;
    expect(volumeMounts?.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath)).toContain(base);
  });

  test('gives the application a user that may use the topology and not change it', () => {
    const script = String(at(find(manifestsIn(chart), 'StatefulSet'), 'spec.template.spec.initContainers.0.command.2'));
    expect(script).toContain('"configure":"^$","write":".*","read":".*"');
  });
});

describe('a choice', () => {
  test('of an even number of brokers is refused: a quorum needs an odd one', () => {
    const choice = {
      ...RabbitMq.inCluster({ ...common, replicas: 3, password: ref('p'), erlangCookie: ref('c') }),
      replicas: 2,
    };
    expect(rabbitMqChoice.safeParse(choice).error?.issues[0]?.message).toMatch(/1, 3 or 5/);
  });

  test('of two sentinels or two nodes is refused: a majority of two is two', () => {
    const redis = { ...inCluster.redis, topology: { kind: 'sentinel', replicas: 2 } };
    expect(redisChoice.safeParse(redis).error?.issues[0]?.message).toMatch(/3 or 5/);
    const qdrant = { ...inCluster.qdrant, replicas: 2 };
    expect(qdrantChoice.safeParse(qdrant).error?.issues[0]?.message).toMatch(/1, 3 or 5/);
  });

  test('of a managed PostgreSQL says how its traffic is protected', () => {
    const at = (url: string) =>
      postgresChoice.safeParse(Postgres.managed({ url, cidrs, password: ref('password') })).error?.issues[0]?.message;
    expect(at('postgres://words@pg.example.org/words')).toMatch(/in clear: add \?sslmode=verify-full/);
    expect(at('pg.example.org')).toMatch(/must be a URL/);
    expect(at('postgres://words@pg.example.org/words?sslmode=')).toMatch(/add \?sslmode=verify-full/);
    expect(at('postgres://words@pg.example.org/words?sslmode=verify-full')).toBeUndefined();
  });

  test('of a managed store may not hold a password in its URL', () => {
    const choice = Redis.managed({ url: 'rediss://:hush@redis.example.org', cidrs, password: ref('password') });
    expect(redisChoice.safeParse(choice).error?.issues[0]?.message).toMatch(/must not hold a password/);
  });
});
