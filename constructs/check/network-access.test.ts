import { describe, expect, test } from '@jest/globals';
import { Cluster } from './cluster.js';
import type { Fields } from './field.js';
import { allows, type NetworkEnd, refusals } from './network-access.js';

const WEB: NetworkEnd = {
  namespace: 'team',
  labels: { app: 'web' },
  containers: [{ ports: [{ name: 'http', number: 8000 }] }],
  ip: '10.1.0.4',
};
const SHOP: NetworkEnd = { namespace: 'team', labels: { app: 'shop' } };
const FOREIGN: NetworkEnd = { namespace: 'other', labels: { app: 'shop' } };

function clusterWith(...specs: readonly Fields[]): Cluster {
  const policy = (spec: Fields, i: number) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `p${i}`, namespace: 'team' },
    spec,
  });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other', labels: { trust: 'high' } } };
  return new Cluster([namespace, ...specs.map(policy)].map((value) => ({ value })));
}

const toWeb = (spec: Fields) => ({ podSelector: { matchLabels: { app: 'web' } }, ...spec });

describe('allows', () => {
  test('what no policy selects is open, and a policy of one direction leaves the other open', () => {
    expect(allows(clusterWith(), SHOP, WEB, 1)).toBe(true);
    const cluster = clusterWith(toWeb({ policyTypes: ['Egress'] }));
    expect(allows(cluster, SHOP, WEB, 8000)).toBe(true);
    expect(refusals(cluster, WEB, SHOP, 8000)).toEqual(['Egress']);
  });

  test('both ends must allow it', () => {
    const ingress = toWeb({ ingress: [{ from: [{ podSelector: { matchLabels: { app: 'shop' } } }] }] });
    expect(allows(clusterWith(ingress), SHOP, WEB, 8000)).toBe(true);
    const closed = { podSelector: {}, policyTypes: ['Egress'] };
    expect(refusals(clusterWith(ingress, closed), SHOP, WEB, 8000)).toEqual(['Egress']);
    expect(refusals(clusterWith(toWeb({}), closed), SHOP, WEB, 8000)).toEqual(['Egress', 'Ingress']);
  });

  test('policies add up', () => {
    const deny = { podSelector: {}, policyTypes: ['Ingress'] };
    expect(allows(clusterWith(deny), SHOP, WEB, 8000)).toBe(false);
    expect(allows(clusterWith(deny, toWeb({ ingress: [{}] })), SHOP, WEB, 8000)).toBe(true);
  });

  test.each<[string, Fields, boolean, boolean]>([
    ['pods of the policy’s own namespace', { podSelector: {} }, true, false],
    ['pods of every namespace', { namespaceSelector: {} }, true, true],
    ['a namespace by its own labels', { namespaceSelector: { matchLabels: { trust: 'high' } } }, false, true],
    [
      'a namespace by its name',
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'team' } } },
      true,
      false,
    ],
    [
      'pods and namespace together',
      { namespaceSelector: {}, podSelector: { matchLabels: { app: 'x' } } },
      false,
      false,
    ],
    ['an address block takes no pod without an address', { ipBlock: { cidr: '0.0.0.0/0' } }, false, false],
  ])('takes %s', (_, peer, own, foreign) => {
    const cluster = clusterWith(toWeb({ ingress: [{ from: [peer] }] }));
    expect([allows(cluster, SHOP, WEB, 8000), allows(cluster, FOREIGN, WEB, 8000)]).toEqual([own, foreign]);
  });

  test('an address block has holes', () => {
    const block = { cidr: '10.0.0.0/8', except: ['10.2.0.0/16'] };
    const cluster = clusterWith({ podSelector: {}, egress: [{ to: [{ ipBlock: block }] }], policyTypes: ['Egress'] });
    const reached = ['10.1.2.3', '10.2.2.3', '11.0.0.1', 'fd00::1'].map((ip) => allows(cluster, SHOP, { ip }, 1));
    expect(reached).toEqual([true, false, false, false]);
    expect(allows(cluster, SHOP, WEB, 1)).toBe(true);
  });

  test.each<[string, Fields, readonly [port: number, open: boolean][]]>([
    [
      'a number',
      { port: 8000 },
      [
        [8000, true],
        [8001, false],
      ],
    ],
    [
      'a range',
      { port: 8000, endPort: 8005 },
      [
        [7999, false],
        [8005, true],
        [8006, false],
      ],
    ],
    [
      'the name that the callee gives it',
      { port: 'http' },
      [
        [8000, true],
        [8001, false],
      ],
    ],
    ['a name that the callee does not know', { port: 'grpc' }, [[8000, false]]],
    ['every port of a protocol', { protocol: 'TCP' }, [[1, true]]],
    ['another protocol', { port: 8000, protocol: 'UDP' }, [[8000, false]]],
  ])('takes a port by %s', (_, port, expected) => {
    const cluster = clusterWith(toWeb({ ingress: [{ ports: [port] }] }));
    expect(expected.map(([number]) => [number, allows(cluster, SHOP, WEB, number)])).toEqual(expected);
  });
});
