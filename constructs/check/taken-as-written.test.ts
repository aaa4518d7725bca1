import { describe, expect, test } from '@jest/globals';
import { loadAll } from 'js-yaml';
import { checkManifests } from './check-manifests.js';
import { isMapping } from './field.js';
import { promqlError } from './promql-errors.js';

function rulesBrokenBy(text: string): readonly string[] {
  const manifests = loadAll(text)
    .filter(isMapping)
    .map((value) => ({ value }));
  return checkManifests(manifests).map(({ rule }) => rule);
}

describe('what is unusual and right', () => {
  test('a kind of another’s API that has the name of one of Kubernetes’ own', () => {
    const broken = rulesBrokenBy(`
apiVersion: serving.knative.dev/v1
kind: Service
metadata: { name: hello, namespace: team }
spec: { template: { spec: { containers: [{ image: 'example.com/hello:1.0.0' }] } } }
---
apiVersion: batch.volcano.sh/v1alpha1
kind: Job
metadata: { name: train, namespace: team }
spec: { minAvailable: 1, tasks: [] }
---
apiVersion: config.openshift.io/v1
kind: Ingress
metadata: { name: cluster }
spec: { domain: apps.example.com }
`);
    for (const rule of ['missing-field', 'tls-missing', 'unknown-kind']) expect(broken).not.toContain(rule);
  });

  test('one port of the nodes for TCP and for UDP, and one that is left to Kubernetes', () => {
    const service = (name: string, protocol: string) => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: team }
spec:
  type: NodePort
  ports: [{ port: 53, protocol: ${protocol}, nodePort: 30053 }, { port: 54, nodePort: 0 }]
`;
    expect(rulesBrokenBy(service('a', 'TCP') + service('b', 'UDP'))).not.toContain('node-port');
    expect(rulesBrokenBy(service('a', 'UDP') + service('b', 'UDP'))).toContain('node-port');
  });

  test('a folder of a volume’s files as subPath, and a device that a container claims', () => {
    const broken = rulesBrokenBy(`
apiVersion: v1
kind: Pod
metadata: { name: shop, namespace: team }
spec:
  containers:
    - name: shop
      image: example.com/shop:1.0.0
      resources: { claims: [{ name: gpu }] }
      volumeMounts: [{ name: settings, mountPath: /etc/conf.d, subPath: conf.d }]
  volumes: [{ name: settings, configMap: { name: settings, items: [{ key: a, path: conf.d/a.conf }] } }]
`);
    for (const rule of ['dangling-sub-path', 'invalid-value']) expect(broken).not.toContain(rule);
  });

  test('a Service in one of Kubernetes’ own namespaces, whose pods no manifest shows', () => {
    const broken = rulesBrokenBy(`
apiVersion: v1
kind: Service
metadata: { name: etcd, namespace: kube-system }
spec: { clusterIP: None, selector: { component: etcd }, ports: [{ name: metrics, port: 2381 }] }
`);
    expect(broken).not.toContain('dangling-service');
  });

  test.each([
    ['the API server’s own Service', 'kubernetes', 'default'],
    ['a Service of a namespace in which there are only objects of the whole cluster, which state none', 'logs', 'team'],
  ])('%s', (_, name, namespace) => {
    const broken = rulesBrokenBy(`
apiVersion: v1
kind: Namespace
metadata: { name: team }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: policy, namespace: ${namespace} }
spec: { host: ${name}.default.svc.cluster.local }
`);
    expect(broken).not.toContain('dangling-traffic-policy');
  });

  test('a comment in an expression that holds an apostrophe, and a text that holds a hash', () => {
    expect(promqlError(`# don't count (these\nsum(rate(asked_total{job='a#b'}[5m]))`)).toBeUndefined();
    expect(promqlError(`sum(rate(asked_total{job="#"}[5m])`)).toBe('"(" is not closed');
  });
});

test.each(['constructor', 'toString', '__proto__'])('a kind called %s is one that nobody knows', (kind) => {
  const value = { apiVersion: 'v1', kind, metadata: { name: 'odd', namespace: 'team' } };
  expect(checkManifests([{ value }])).toEqual([]);
});
