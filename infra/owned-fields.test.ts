import { describe, expect, test } from '@jest/globals';
import type { KubeManifest } from './kube-manifest.js';
import { manifest, workload } from './manifest.fixture.js';
import { ownedFields } from './owned-fields.js';

const ISTIO = 'networking.istio.io/v1';
const route = (...subsets: string[]) => ({
  route: subsets.map((subset) => ({ destination: { host: 'chat', subset }, weight: 1 })),
});
const split = manifest('VirtualService', 'chat', {
  apiVersion: ISTIO,
  spec: { http: [route('v2'), route('v1', 'v2')] },
});
const mover = (verbs: string[], fields: object = {}) =>
  manifest('Role', 'canary', {
    rules: [{ apiGroups: ['networking.istio.io'], resources: ['virtualservices'], verbs }],
    ...fields,
  });

function owned(one: KubeManifest, ...others: readonly KubeManifest[]): readonly string[] | undefined {
  return ownedFields([one, ...others]).get(one);
}

describe('replicas belong to', () => {
  const deployment = workload('Deployment', 'chat', { replicas: 3 });
  const scaler = (kind: string, scaleTargetRef: object) => manifest(kind, 'chat', { spec: { scaleTargetRef } });

  test('the autoscaler of a Deployment', () => {
    expect(owned(deployment, scaler('HorizontalPodAutoscaler', { kind: 'Deployment', name: 'chat' }))).toEqual([
      'spec.replicas',
    ]);
  });

  test('KEDA, whose target is a Deployment unless it says otherwise', () => {
    expect(owned(deployment, scaler('ScaledObject', { name: 'chat' }))).toEqual(['spec.replicas']);
  });

  test('the program where nothing scales', () => {
    expect(owned(deployment)).toEqual([]);
    expect(owned(deployment, scaler('HorizontalPodAutoscaler', { kind: 'Deployment', name: 'rag' }))).toEqual([]);
    expect(owned(deployment, scaler('HorizontalPodAutoscaler', { kind: 'StatefulSet', name: 'chat' }))).toEqual([]);
  });
});

describe('weights belong to', () => {
  const weights = ['spec.http[1].route[0].weight', 'spec.http[1].route[1].weight'];

  test('the controller that may move routes, where there is a choice of destinations', () => {
    expect(owned(split, mover(['get', 'patch']))).toEqual(weights);
    expect(owned(split, mover(['update'], { kind: 'Role' }))).toEqual(weights);
    expect(owned(split, { ...mover(['*']), kind: 'ClusterRole', metadata: { name: 'canary' } })).toEqual(weights);
  });

  test('the program where nobody may', () => {
    expect(owned(split)).toEqual([]);
    expect(owned(split, mover(['get', 'list', 'watch']))).toEqual([]);
    expect(owned(split, mover(['patch'], { namespace: 'another' }))).toEqual([]);
  });

  test('the program where there is no choice', () => {
    const single = manifest('VirtualService', 'gateway', { apiVersion: ISTIO, spec: { http: [route('v1')] } });
    expect(owned(single, mover(['patch']))).toEqual([]);
  });
});

describe('the certificate of what the API server calls belongs to whoever injects it:', () => {
  test('of an APIService', () => {
    expect(owned(manifest('APIService', 'v1beta1.custom.metrics.k8s.io'))).toEqual(['spec.caBundle']);
  });

  test.each(['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'])('of each webhook of a %s', (kind) => {
    expect(owned(manifest(kind, 'one', { webhooks: [{ clientConfig: {} }, { clientConfig: {} }] }))).toEqual([
      'webhooks[0].clientConfig.caBundle',
      'webhooks[1].clientConfig.caBundle',
    ]);
  });

  test('of a definition that converts by webhook, and of no other', () => {
    const crd = (conversion: object) => manifest('CustomResourceDefinition', 'x', { spec: { conversion } });
    expect(owned(crd({ strategy: 'Webhook', webhook: { clientConfig: {} } }))).toEqual([
      'spec.conversion.webhook.clientConfig.caBundle',
    ]);
    expect(owned(crd({ strategy: 'None' }))).toEqual([]);
  });
});
