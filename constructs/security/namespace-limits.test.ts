import { describe, expect, test } from '@jest/globals';
import type { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { behavior, resources, translatorProps } from '../../test/support/own-contract.js';
import { Autoscaler, LlmService, Mesh, NamespaceLimits, type NodeCapacity, type PlatformContext } from '../index.js';
import type { NamespaceQuota } from './namespace-limits.js';

interface Wanted {
  readonly platform?: Partial<PlatformContext>;
  readonly quota?: NamespaceQuota;
  readonly maxReplicas?: number;
  readonly headroomPercent?: number;
  readonly add?: (chart: Chart) => void;
}

/** One autoscaled service: 250m to 1 CPU, 256Mi to 1Gi and 512Mi of storage for each of its pods. */
function build({ maxReplicas = 8, headroomPercent = 0, ...wanted }: Wanted = {}) {
  const chart = emptyChart();
  const platform = testPlatform(wanted.platform);
  const service = new LlmService(chart, 'translator', { ...translatorProps, platform, replicas: 'autoscaled' });
  new Autoscaler(chart, 'scaler', {
    release: service.stable,
    minReplicas: 2,
    maxReplicas,
    cpuPercent: 70,
    memoryPercent: 80,
    behavior,
  });
  new NamespaceLimits(chart, 'limits', {
    platform,
    workloads: chart,
    defaults: resources,
    quota: wanted.quota,
    headroomPercent,
  });
  wanted.add?.(chart);
  return () => manifestsIn(chart);
}

const hardOf = (wanted?: Wanted) => at(find(build(wanted)(), 'ResourceQuota'), 'spec.hard');

describe('the quota', () => {
  test('holds the workloads at their ceilings in the middle of an update', () => {
    // 8 replicas and a quarter more.
    expect(hardOf()).toEqual({
      pods: '10',
      'requests.cpu': '3',
      'requests.memory': '3Gi',
      'requests.ephemeral-storage': '5Gi',
      'limits.cpu': '10',
      'limits.memory': '10Gi',
      'limits.ephemeral-storage': '5Gi',
    });
  });

  test('has headroom, by itself a quarter', () => {
    expect(hardOf({ headroomPercent: 100 })).toMatchObject({ pods: '20', 'limits.cpu': '20' });
  });

  test('counts the proxies that the mesh will add', () => {
    // 10 x (1 + 2) CPU and 10 x (1 + 1) Gi; a proxy without storage gets the default.
    expect(hardOf({ platform: { mesh: Mesh.sidecar({ cni: true }) } })).toMatchObject({
      'limits.cpu': '30',
      'limits.memory': '20Gi',
      'limits.ephemeral-storage': '10Gi',
    });
  });

  test('counts what is added later, by whomever: a job, a pod that says nothing, a start that needs more', () => {
    const bare = { name: 'bare', image: 'bare:1' };
    const add = (chart: Chart) =>
      new k8s.KubeCronJob(chart, 'nightly', {
        metadata: { name: 'nightly', namespace: 'team' },
        spec: {
          schedule: '0 3 * * *',
          jobTemplate: {
            spec: {
              parallelism: 2,
              template: {
                spec: {
                  containers: [bare],
                  initContainers: [
                    { ...bare, name: 'start', resources: { limits: { cpu: k8s.Quantity.fromString('7') } } },
                  ],
                },
              },
            },
          },
        },
      });
    expect(hardOf({ add })).toMatchObject({ pods: '12', 'limits.cpu': '24', 'limits.memory': '12Gi' });
  });

  test('is what the cluster grants, where that is stated', () => {
    expect(hardOf({ quota: { cpu: '12', memory: '16Gi', pods: 40 } })).toMatchObject({
      pods: '40',
      'requests.cpu': '12',
      'requests.memory': '16Gi',
      'limits.cpu': '10',
    });
  });
});

describe('a ceiling', () => {
  test.each([
    [
      { cpu: '2', memory: '16Gi', pods: 40 },
      'test/scaler: a ceiling of 8 replicas of translator (10 pods during an update) asks for 2.5 cores, and with everything else for 2.5 cores of the 2 cores of the quota. Fix: maxReplicas: 6, or a larger quota.',
    ],
    [
      { cpu: '12', memory: '1Gi', pods: 40 },
      '2.5 GiB (requests.memory) of the 1 GiB (requests.memory) of the quota. Fix: maxReplicas: 3,',
    ],
    [{ cpu: '12', memory: '16Gi', pods: 9 }, '10 pods of the 9 pods of the quota. Fix: maxReplicas: 7,'],
  ] as const)('that the quota cannot hold is refused: %p', (quota, message) => {
    expect(build({ quota })).toThrow(message);
  });

  const pool = { labels: { pool: 'small' }, taints: {} };
  const pools = (capacity: NodeCapacity) => {
    const { nodePools } = testPlatform();
    return { nodePools: { ...nodePools, [translatorProps.spec.placement]: { ...pool, capacity } } } as const;
  };

  test('that its node pool cannot hold is refused, and one that it can is not', () => {
    const capacity = { nodes: 2, cpu: '1', memory: '8Gi' } as const;
    expect(build({ platform: pools({ ...capacity, nodes: 3 }) })).not.toThrow();
    expect(build({ platform: pools(capacity) })).toThrow(
      `2.5 cores of the 2 cores of the node pool "${translatorProps.spec.placement}" (2 x 1 CPU, 8Gi, 110 pods). Fix: maxReplicas: 6, or more or larger nodes in nodePools.${translatorProps.spec.placement}.capacity.`,
    );
    expect(build({ platform: pools({ ...capacity, nodes: 1, cpu: '4', pods: 9 }) })).toThrow('10 pods of the 9 pods');
  });

  test('is no matter of the pools that its pods do not run on', () => {
    const { nodePools } = testPlatform();
    const other = translatorProps.spec.placement === 'memory' ? 'compute' : 'memory';
    const tiny = { ...pool, capacity: { nodes: 1, cpu: '100m', memory: '64Mi' } } as const;
    expect(build({ platform: { nodePools: { ...nodePools, [other]: tiny } } })).not.toThrow();
  });

  test('names what is left to do where not even one replica fits', () => {
    expect(build({ quota: { cpu: '100m', memory: '16Gi', pods: 40 } })).toThrow(
      'Fix: fewer replicas here and elsewhere',
    );
  });
});

describe('the limit range', () => {
  test('gives a container that says nothing what the environment’s others have, and refuses one larger than any', () => {
    const limits = { cpu: '1', memory: '1Gi', 'ephemeral-storage': '512Mi' };
    expect(at(find(build()(), 'LimitRange'), 'spec.limits')).toEqual([
      {
        type: 'Container',
        default: limits,
        defaultRequest: { cpu: '250m', memory: '256Mi', 'ephemeral-storage': '512Mi' },
        max: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi' },
      },
    ]);
  });
});
