import { expect, test } from '@jest/globals';
import { checkManifests } from './check-manifests.js';
import type { Fields } from './field.js';
import { goodManifests } from './good-manifests.fixture.js';
import { kubeObject } from './kube-object.js';
import { rules } from './rules.js';

const QUERY = 'max(cluster:orders_waiting{namespace="team",box="a:b"}) + rate(orders_total[5m:1m])';
const METADATA = { serverAddress: 'http://prometheus', query: QUERY, threshold: '5', ignoreNullValues: 'false' };

/** What is good, with a ScaledObject in the HPA's place, and a rule that records what it asks for. */
function throughKeda(spec: Fields = {}, metadata: Fields = {}) {
  const scaledObject = {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: 'shop', namespace: 'team' },
    spec: {
      scaleTargetRef: { name: 'shop' },
      minReplicaCount: 2,
      maxReplicaCount: 9,
      advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleUp: {}, scaleDown: {} } } },
      fallback: { failureThreshold: 3, replicas: 2 },
      triggers: [
        { type: 'cpu', metricType: 'Utilization', metadata: { value: '70' } },
        { type: 'prometheus', metadata: { ...METADATA, ...metadata } },
      ],
      ...spec,
    },
  };
  const recorded = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'scaling', namespace: 'team' },
    spec: { groups: [{ name: 'scaling', rules: [{ record: 'cluster:orders_waiting', expr: 'vector(1)' }] }] },
  };
  const others = goodManifests().filter(({ value }) => value.kind !== 'HorizontalPodAutoscaler');
  return [...others, { value: scaledObject }, { value: recorded }];
}

const behavior = { scaleUp: {} };

const BAD: readonly [rule: string, says: string, spec: Fields, metadata: Fields][] = [
  ['dangling-autoscaler', 'Deployment/gone', { scaleTargetRef: { name: 'gone' } }, {}],
  ['autoscaler-bounds', '10', { minReplicaCount: 10 }, {}],
  ['hpa-minimum-replicas', 'minReplicaCount is 0', { minReplicaCount: undefined }, {}],
  ['hpa-behavior', 'scaleDown', { advanced: { horizontalPodAutoscalerConfig: { behavior } } }, {}],
  ['keda-query-not-recorded', '"cluster:order_waiting"', {}, { query: 'cluster:order_waiting' }],
  ['keda-null-as-zero', 'takes no result for 0', {}, { ignoreNullValues: undefined }],
  ['keda-threshold', '"0"', {}, { threshold: '0' }],
  ['keda-fallback-without-metric', 'alone', { triggers: [{ type: 'memory', metadata: { value: '70' } }] }, {}],
];

test('nothing is wrong with a good ScaledObject', () => {
  expect(checkManifests(throughKeda())).toEqual([]);
});

test.each(BAD)('a ScaledObject can break %s', (rule, says, spec, metadata) => {
  const found = checkManifests(throughKeda(spec, metadata)).filter((finding) => finding.rule === rule);
  expect(found).toMatchObject([{ object: 'ScaledObject/team/shop' }]);
  expect(found[0]?.message).toContain(says);
});

test('every rule about KEDA is shown to be broken', () => {
  const ids = rules.map(({ id }) => id).filter((id) => id.startsWith('keda-'));
  expect(ids.filter((id) => !BAD.some(([rule]) => rule === id))).toEqual([]);
});

test('a Deployment under a ScaledObject states no replicas, and requests what a share is of', () => {
  const manifests = throughKeda();
  const deployment = structuredClone(manifests.find(({ value }) => value.kind === 'Deployment')?.value) as {
    spec: { replicas?: number; template: { spec: { containers: { resources?: unknown }[] } } };
  };
  deployment.spec.replicas = 3;
  for (const container of deployment.spec.template.spec.containers) delete container.resources;
  const changed = manifests.map((one) => (one.value.kind === 'Deployment' ? { value: deployment } : one));
  const found = checkManifests(changed as typeof manifests).map(({ rule }) => rule);
  expect(found).toEqual(expect.arrayContaining(['replicas-under-autoscaler', 'hpa-without-requests']));
});

test('a budget is held against the least that a ScaledObject leaves', () => {
  const manifests = throughKeda({ minReplicaCount: 1 });
  expect(checkManifests(manifests).map(({ rule }) => rule)).toContain('pdb-min-available-hpa');
});

test('a query is not held against a set without recording rules', () => {
  const ruled = ['PrometheusRule/team/scaling', 'ConfigMap/monitoring/adapter'];
  const manifests = throughKeda().filter((manifest) => !ruled.includes(kubeObject(manifest).title));
  expect(checkManifests(manifests)).toEqual([]);
});
