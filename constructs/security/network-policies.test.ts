import { describe, expect, test } from '@jest/globals';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { mailbox, translator } from '../../test/support/own-contract.js';
import { addresses, type Connection, internet, podsElsewhere, podsOf } from '../connection.js';
import { Mesh } from '../mesh/mesh.js';
import type { MeshMode } from '../mesh-mode.js';
import { NetworkPolicies } from './network-policies.js';
import { PlatformNamespace } from './platform-namespace.js';

const toMailbox = { from: podsOf(translator), to: podsOf(mailbox), port: 7100 };

function policies(connections: readonly Connection[], mesh: MeshMode = Mesh.none('a test')) {
  const chart = emptyChart();
  new NetworkPolicies(chart, 'policies', {
    platform: testPlatform({ mesh }),
    endpoints: [translator, mailbox],
    connections,
  });
  return manifestsIn(chart);
}

function labels(name: string) {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': 'team' };
}

describe('NetworkPolicies', () => {
  test('deny everything, by lists that are left out and not empty', () => {
    expect(at(find(policies([]), 'NetworkPolicy', 'deny-all'), 'spec')).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
    expect(at(find(policies([]), 'NetworkPolicy', 'mailbox'), 'spec')).toEqual({
      podSelector: { matchLabels: labels('mailbox') },
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  test('open a connection at both its ends', () => {
    const manifests = policies([toMailbox]);
    const ports = [{ port: 7100, protocol: 'TCP' }];
    expect(at(find(manifests, 'NetworkPolicy', 'translator'), 'spec.egress')).toEqual([
      { to: [{ podSelector: { matchLabels: labels('mailbox') } }], ports },
    ]);
    expect(at(find(manifests, 'NetworkPolicy', 'mailbox'), 'spec.ingress')).toEqual([
      { from: [{ podSelector: { matchLabels: labels('translator') } }], ports },
    ]);
    expect(at(find(manifests, 'NetworkPolicy', 'mailbox'), 'spec.egress')).toBeUndefined();
  });

  test('let every pod resolve names, by the cluster’s own DNS only', () => {
    expect(at(find(policies([]), 'NetworkPolicy', 'allow-dns'), 'spec')).toMatchObject({
      podSelector: {},
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
              podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
            },
          ],
          ports: [
            { port: 53, protocol: 'UDP' },
            { port: 53, protocol: 'TCP' },
          ],
        },
      ],
    });
  });

  test('mean the public internet by "internet", not the networks around the cluster', () => {
    const manifests = policies([{ from: podsOf(translator), to: internet(), port: 443 }]);
    const [rule] = at(find(manifests, 'NetworkPolicy', 'translator'), 'spec.egress') as { to: unknown[] }[];
    expect(rule?.to).toEqual([
      {
        ipBlock: {
          cidr: '0.0.0.0/0',
          except: ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
        },
      },
    ]);
  });

  test('know pods of other namespaces and addresses outside', () => {
    const manifests = policies([
      { from: podsElsewhere('doors', { app: 'door' }), to: podsOf(translator), port: 7000 },
      { from: podsOf(translator), to: addresses(['10.9.0.0/16', 'fd00:8::/32']), port: 6379 },
    ]);
    expect(at(find(manifests, 'NetworkPolicy', 'translator'), 'spec')).toMatchObject({
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'doors' } },
              podSelector: { matchLabels: { app: 'door' } },
            },
          ],
        },
      ],
      egress: [{ to: [{ ipBlock: { cidr: '10.9.0.0/16' } }, { ipBlock: { cidr: 'fd00:8::/32' } }] }],
    });
  });

  test('let sidecars reach their control plane', () => {
    const spec = at(find(policies([], Mesh.sidecar({ cni: true })), 'NetworkPolicy', 'allow-mesh'), 'spec');
    expect(spec).toMatchObject({ podSelector: {}, egress: [{ ports: [{ port: 15012 }] }] });
  });

  test('open the tunnel beside the port where the mesh is ambient, and the probes’ address', () => {
    const manifests = policies([toMailbox], Mesh.ambient());
    const ports = [
      { port: 7100, protocol: 'TCP' },
      { port: 15008, protocol: 'TCP' },
    ];
    expect(at(find(manifests, 'NetworkPolicy', 'mailbox'), 'spec.ingress.0.ports')).toEqual(ports);
    expect(at(find(manifests, 'NetworkPolicy', 'allow-mesh'), 'spec.ingress.0.from')).toEqual([
      { ipBlock: { cidr: '169.254.7.127/32' } },
    ]);
  });

  test('refuse a connection of pods that do not run here', () => {
    const stray = { ...toMailbox, from: podsOf({ name: 'stranger' }) };
    expect(() => policies([stray])).toThrow(/"stranger", which does not run here \(translator, mailbox\)/);
  });
});

describe('PlatformNamespace', () => {
  test('admits only pods that meet Pod Security `restricted`', () => {
    const chart = emptyChart();
    new PlatformNamespace(chart, 'namespace', testPlatform());
    expect(find(manifestsIn(chart), 'Namespace')).toMatchObject({
      metadata: {
        name: 'team',
        labels: {
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/audit': 'restricted',
          'pod-security.kubernetes.io/warn': 'restricted',
        },
      },
    });
    expect(find(manifestsIn(chart), 'Namespace').metadata.namespace).toBeUndefined();
  });

  test('ranks stores before services and services before batch work, which evicts nobody', () => {
    const chart = emptyChart();
    new PlatformNamespace(chart, 'namespace', testPlatform());
    const classes = manifestsIn(chart).filter(({ kind }) => kind === 'PriorityClass');
    expect(classes.map(({ metadata, value, preemptionPolicy }) => [metadata.name, value, preemptionPolicy])).toEqual([
      ['team-data', 3000, 'PreemptLowerPriority'],
      ['team-serving', 2000, 'PreemptLowerPriority'],
      ['team-batch', 1000, 'Never'],
    ]);
  });
});
