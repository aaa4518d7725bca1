import { describe, expect, test } from '@jest/globals';
import { applyOrder, STEP_NAMES, type Step, stepsBefore } from './apply-order.js';
import type { KubeManifest } from './kube-manifest.js';
import { manifest, workload } from './manifest.fixture.js';

const claims = { volumeClaimTemplates: [{ metadata: { name: 'data' } }] };
const service = (name: string, selector: object | undefined) => manifest('Service', name, { spec: { selector } });

function stepOf(one: KubeManifest, ...others: readonly KubeManifest[]): Step | undefined {
  return applyOrder([one, ...others]).get(one);
}

describe('the step of', () => {
  test.each<[string, Step]>([
    ['Namespace', 'foundation'],
    ['CustomResourceDefinition', 'foundation'],
    ['PriorityClass', 'foundation'],
    ['NetworkPolicy', 'policies'],
    ['ResourceQuota', 'policies'],
    ['AuthorizationPolicy', 'policies'],
    ['ConfigMap', 'config'],
    ['Secret', 'config'],
    ['RoleBinding', 'config'],
    ['Certificate', 'certificates'],
    ['ClusterIssuer', 'certificates'],
    ['PersistentVolumeClaim', 'config'],
    ['SomethingNew', 'config'],
    ['HorizontalPodAutoscaler', 'traffic'],
    ['APIService', 'traffic'],
    ['VirtualService', 'traffic'],
  ])('a %s is %s', (kind, step) => {
    expect(stepOf(manifest(kind, 'one'))).toBe(step);
  });

  test('subsets comes before the routes that name them', () => {
    expect(stepOf(manifest('DestinationRule', 'chat'))).toBe('config');
  });

  test('pods with a volume of their own is data, that of others workloads', () => {
    expect(stepOf(workload('StatefulSet', 'db', claims))).toBe('data');
    expect(stepOf(workload('StatefulSet', 'cache'))).toBe('workloads');
    const claim = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    expect(stepOf(workload('Deployment', 'files', {}, claim))).toBe('data');
    expect(stepOf(workload('Deployment', 'chat', {}, [{ name: 'tmp', emptyDir: {} }]))).toBe('workloads');
  });

  test('a Service is that of its pods, for Pulumi waits for its endpoints', () => {
    const pods = [workload('StatefulSet', 'db', claims), workload('Deployment', 'chat')];
    expect(stepOf(service('db', { app: 'db' }), ...pods)).toBe('data');
    expect(stepOf(service('chat', { app: 'chat' }), ...pods)).toBe('workloads');
  });

  test('a Service of pods of both steps is the later one', () => {
    const pods = [workload('StatefulSet', 'db', claims), workload('Deployment', 'chat')];
    expect(stepOf(service('all', {}), ...pods)).toBe('config');
    const shared = pods.map((pod) => ({
      ...pod,
      spec: { ...(pod.spec as object), template: { metadata: { labels: { tier: 'x' } }, spec: { containers: [] } } },
    }));
    expect(stepOf(service('both', { tier: 'x' }), ...shared)).toBe('workloads');
  });

  test('a Service that selects nothing waits for nobody', () => {
    expect(stepOf(service('elsewhere', undefined))).toBe('config');
  });
});

describe('the steps before', () => {
  const all = new Set(STEP_NAMES);

  test('pods are what they are held to and what they read', () => {
    expect(stepsBefore('data', all)).toEqual(new Set(['policies', 'config']));
    expect(stepsBefore('workloads', all)).toEqual(new Set(['data', 'certificates']));
  });

  test('policies and configuration do not wait for each other', () => {
    expect(stepsBefore('config', all)).toEqual(new Set(['foundation']));
    expect(stepsBefore('policies', all)).toEqual(new Set(['foundation']));
  });

  test('one whose predecessor is empty are those before that', () => {
    expect(stepsBefore('workloads', new Set<Step>(['foundation', 'config', 'workloads']))).toEqual(
      new Set(['config', 'foundation']),
    );
    expect(stepsBefore('traffic', new Set<Step>(['traffic']))).toEqual(new Set());
  });
});
