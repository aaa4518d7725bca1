import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { secretKey } from '../../constructs/index.js';
import { secretPath } from '../../constructs/workload/secret-ref.js';
import { services } from '../../contract/index.js';
import { at, find, type Manifest } from '../../test/support/cluster.js';
import { differences } from '../../test/support/differences.js';
import { manifestsOf } from '../manifests.js';
import { PlatformStack } from '../platform-stack.js';
import { type EnvironmentName, environments } from './index.js';
import { production } from './production.js';
import { productionStores } from './production-stores.js';

const NAMES = Object.keys(environments) as EnvironmentName[];
const synthesised = new Map(NAMES.map((name) => [name, objectsOf(name)]));

function objectsOf(name: EnvironmentName): readonly Manifest[] {
  const stack = new environments[name](new App({ outdir: '.' }));
  return stack.node.children.filter(Chart.isChart).flatMap((chart): Manifest[] => chart.toJson());
}

function objects(name: EnvironmentName): readonly Manifest[] {
  return synthesised.get(name) ?? [];
}

test('the certificate of a managed PostgreSQL’s own authority reaches the processes that ask it, as a mounted file', () => {
  const caCertificate = secretKey('postgres-authority', 'ca.crt');
  const config = { ...production, postgres: { ...productionStores.postgres, caCertificate } };
  const stack = new PlatformStack(new App({ outdir: '.' }), config);
  const manifests = stack.node.children.filter(Chart.isChart).flatMap((chart): Manifest[] => chart.toJson());
  const informed = manifests
    .filter(({ kind }) => kind === 'Deployment')
    .filter((one) =>
      JSON.stringify(at(one, 'spec.template.spec.volumes'))?.includes('"secretName":"postgres-authority"'),
    )
    .map(({ metadata }) => metadata.name);
  const asking = Object.values(services).filter(({ settings }) => 'postgresUrl' in settings);
  expect(informed.sort()).toEqual(asking.map(({ name }) => name).sort());
  expect(JSON.stringify(manifests)).toContain(`"${secretPath(caCertificate)}"`);
});

describe('every environment', () => {
  test.each(NAMES)('%s is the YAML that was last agreed on', (name) => {
    const text = [...manifestsOf(environments[name]).files].map(([file, yaml]) => `# ${file}\n${yaml}`).join('\n');
    expect(text).toMatchSnapshot();
  });

  test.each(NAMES)('%s is the same, byte for byte, each time', (name) => {
    expect([...manifestsOf(environments[name]).files]).toEqual([...manifestsOf(environments[name]).files]);
  });

  test.each(NAMES)('%s is applied from the namespace to the traffic, in the order of its files', (name) => {
    const files = [...manifestsOf(environments[name]).files.keys()];
    expect(files).toEqual([...files].sort());
    expect(files.map((file) => file.replace(/^\d\d-|\.yaml$/g, ''))).toEqual(
      ['foundation', 'policies', 'data', 'observability', 'services', 'traffic'].slice(0, files.length),
    );
    expect(objects(name)[0]).toMatchObject({ kind: 'Namespace' });
  });

  test.each(NAMES)('%s names the namespace of every object that is in one', (name) => {
    const clusterWide = [
      ...['Namespace', 'PriorityClass', 'ClusterRoleBinding', 'APIService', 'CustomResourceDefinition'],
      ...['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
    ];
    for (const { kind, metadata } of objects(name)) {
      expect([kind, metadata.name, metadata.namespace === undefined]).toEqual([
        kind,
        metadata.name,
        clusterWide.includes(kind),
      ]);
    }
  });

  test.each(NAMES)('%s has no two objects of one name', (name) => {
    const ids = objects(name).map(({ apiVersion, kind, metadata }) =>
      [apiVersion, kind, metadata.namespace, metadata.name].join(' '),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('production', () => {
  const production = objects('production');

  test.each([
    ['chat', 3, 'general'],
    ['rag', 5, 'compute'],
    ['agent', 2, 'isolated'],
    ['memory', 2, 'memory'],
    ['orchestrator', 4, 'network'],
  ])('runs %s in at least %i replicas on %s nodes (chapter 32.1)', (name, replicas, pool) => {
    expect(at(find(production, 'HorizontalPodAutoscaler', name), 'spec.minReplicas')).toBe(replicas);
    const affinity = at(find(production, 'Deployment', name), 'spec.template.spec.affinity.nodeAffinity');
    expect(
      at(affinity, 'requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.0.values'),
    ).toEqual([pool]);
  });

  test('gives each process what the chapter gives it (32.4)', () => {
    for (const { name } of Object.values(services)) {
      expect(at(find(production, 'Deployment', name), 'spec.template.spec.containers.0')).toMatchObject({
        resources: { requests: { cpu: '500m', memory: '512Mi' }, limits: { cpu: '2', memory: '2Gi' } },
        livenessProbe: { httpGet: { path: '/health' }, initialDelaySeconds: 30, periodSeconds: 10 },
        readinessProbe: { httpGet: { path: '/ready' }, initialDelaySeconds: 5, periodSeconds: 5 },
      });
    }
  });

  test('scales every service as the chapter does (32.4)', () => {
    const autoscalers = production.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    expect(autoscalers.map(({ metadata }) => metadata.name)).toEqual([
      ...['gateway', 'chat', 'chat-v2', 'rag', 'agent', 'memory', 'orchestrator', 'worker'],
    ]);
    for (const hpa of autoscalers) {
      expect(at(hpa, 'spec')).toMatchObject({
        maxReplicas: 50,
        behavior: {
          scaleUp: {
            stabilizationWindowSeconds: 0,
            selectPolicy: 'Max',
            policies: [
              { type: 'Percent', value: 100, periodSeconds: 15 },
              { type: 'Pods', value: 5, periodSeconds: 15 },
            ],
          },
          scaleDown: {
            stabilizationWindowSeconds: 300,
            selectPolicy: 'Min',
            policies: [
              { type: 'Percent', value: 50, periodSeconds: 60 },
              { type: 'Pods', value: 2, periodSeconds: 60 },
            ],
          },
        },
      });
      expect(at(hpa, 'spec.metrics.0.resource')).toEqual({
        name: 'cpu',
        target: { type: 'Utilization', averageUtilization: 70 },
      });
      expect(at(hpa, 'spec.metrics.1.resource')).toEqual({
        name: 'memory',
        target: { type: 'Utilization', averageUtilization: 80 },
      });
    }
  });

  test('scales on a p99 of 1 second, and workers on a backlog of 10 each', () => {
    const third = (name: string) => at(find(production, 'HorizontalPodAutoscaler', name), 'spec.metrics.2');
    for (const name of ['chat', 'rag', 'memory']) {
      expect(third(name)).toEqual({
        type: 'Pods',
        pods: {
          metric: { name: 'http_request_duration_seconds_p99' },
          target: { type: 'AverageValue', averageValue: '1' },
        },
      });
    }
    expect(third('worker')).toEqual({
      type: 'External',
      external: { metric: { name: 'task_backlog_messages' }, target: { type: 'AverageValue', averageValue: '10' } },
    });
  });

  test('does not scale on a latency that is mostly a model’s', () => {
    for (const name of ['gateway', 'agent', 'orchestrator']) {
      expect(at(find(production, 'HorizontalPodAutoscaler', name), 'spec.metrics')).toHaveLength(2);
    }
  });

  test('gives a worker the time that its longest task takes', () => {
    const grace = at(find(production, 'Deployment', 'worker'), 'spec.template.spec.terminationGracePeriodSeconds');
    expect(grace).toBeGreaterThan(300);
  });

  test('tries the next release from 5 % of the requests on, and on beta users (chapter 32.6)', () => {
    const release = find(production, 'CanaryRelease', 'chat');
    expect(release.spec).toMatchObject({
      betaHeader: { name: 'x-beta-user', value: 'true' },
      slots: [
        { version: 'v1', deployment: 'chat' },
        { version: 'v2', deployment: 'chat-v2' },
      ],
      policy: {
        stepPercents: [5, 15, 30, 50, 100],
        stepSeconds: 1800,
        checkSeconds: 60,
        maxErrorRatio: 0.05,
        maxLatencyRatio: 1.5,
      },
    });
    expect(at(find(production, 'VirtualService', 'chat'), 'spec.http')).toMatchObject([
      { delegate: { name: 'chat-canary' } },
      { route: [{ destination: { subset: 'v1' } }] },
    ]);
    expect(find(production, 'ConfigMap', 'chat-v2-settings')).toMatchObject({ data: { RELEASE_VERSION: 'v2' } });
  });
});

describe('staging', () => {
  test('differs from production only in its address, its stores, and how far it scales', () => {
    const stores: readonly [service: string, ...settings: string[]][] = [
      ['chat', 'REDIS_URL'],
      ['chat-v2', 'REDIS_URL'],
      ['gateway', 'POSTGRES_URL', 'REDIS_URL'],
      ['memory', 'REDIS_URL'],
      ['orchestrator', 'POSTGRES_URL', 'REDIS_URL'],
      ['rag', 'POSTGRES_URL', 'REDIS_URL', 'S3_BUCKET'],
      ['worker', 'REDIS_URL'],
    ];
    const scaled = ['agent', 'chat', 'chat-v2', 'gateway', 'memory', 'orchestrator', 'rag', 'worker'];
    // A floor that production has at 2 anyway is no difference.
    const lower = scaled.filter((name) => !['agent', 'chat-v2', 'memory'].includes(name));
    const expected = [
      'Certificate/armature-public-tls spec.dnsNames.0',
      'Gateway/public spec.servers.0.hosts.0',
      'Gateway/public spec.servers.1.hosts.0',
      'VirtualService/public spec.hosts.0',
      ...stores.flatMap(([name, ...settings]) => settings.map((env) => `ConfigMap/${name}-settings data.${env}`)),
      ...stores.map(([name]) => `Deployment/${name} spec.template.metadata.annotations.checksum/settings`),
      ...scaled.map((name) => `HorizontalPodAutoscaler/${name} spec.maxReplicas`),
      ...lower.map((name) => `HorizontalPodAutoscaler/${name} spec.minReplicas`),
      // The floor of the release that is stable, in whichever slot, and the ceiling of both.
      'CanaryRelease/chat spec.minReplicas',
      'CanaryRelease/chat spec.maxReplicas',
      // Where their backups are kept.
      ...['qdrant', 'rabbitmq'].flatMap((name) => [
        `CronJob/${name}-backup spec.jobTemplate.spec.template.spec.containers.0.env.6.value`,
        `CronJob/${name}-restore spec.jobTemplate.spec.template.spec.initContainers.0.env.6.value`,
      ]),
      // What all of them may come to need.
      ...QUOTA.map((name) => `ResourceQuota/platform spec.hard.${name}`),
      // So do the lines of the floors and ceilings.
      'ConfigMap/grafana-dashboards data.autoscaling.json',
      // The alert on the backlog knows what the most workers can take.
      'ConfigMap/prometheus-configuration data.rules.yaml',
      'StatefulSet/prometheus spec.template.metadata.annotations.checksum/configuration',
    ];
    expect(differences(objects('production'), objects('staging'))).toEqual(expected.sort());
  });
});

const QUOTA = ['pods', 'requests', 'limits'].flatMap((side) =>
  side === 'pods' ? side : ['cpu', 'memory', 'ephemeral-storage'].map((name) => `${side}.${name}`),
);
