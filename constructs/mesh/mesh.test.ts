import { describe, expect, test } from '@jest/globals';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { mailbox, translator, translatorProps } from '../../test/support/own-contract.js';
import { podsElsewhere, podsOf } from '../connection.js';
import { type MeshMode, meshMode, meshPodMeta } from '../mesh-mode.js';
import { PlatformNamespace } from '../security/platform-namespace.js';
import { LlmService } from '../workload/llm-service.js';
import { Mesh } from './mesh.js';

const sidecar = Mesh.sidecar({ cni: true });
const clerk = { name: 'clerk' };

function meshWith(mode: MeshMode, connections = [{ from: podsOf(clerk), to: podsOf(translator), port: 7000 }]) {
  const chart = emptyChart();
  const platform = new PlatformNamespace(chart, 'namespace', testPlatform({ mesh: mode }));
  new LlmService(chart, 'translator', { ...translatorProps, platform });
  new Mesh(chart, 'mesh', { platform, members: [translator], connections, accountsElsewhere: { doors: 'porter' } });
  return manifestsIn(chart);
}

describe('Mesh', () => {
  test.each([sidecar, Mesh.ambient()])('accepts mutual TLS only: %j', (mode) => {
    expect(find(meshWith(mode), 'PeerAuthentication')).toMatchObject({
      metadata: { namespace: 'team' },
      spec: { mtls: { mode: 'STRICT' } },
    });
  });

  test('opens a member to its callers alone, by their identity and on its port', () => {
    expect(at(find(meshWith(sidecar), 'AuthorizationPolicy', 'translator'), 'spec')).toEqual({
      action: 'ALLOW',
      selector: { matchLabels: { 'app.kubernetes.io/name': 'translator', 'app.kubernetes.io/instance': 'team' } },
      rules: [
        {
          from: [{ source: { principals: ['cluster.local/ns/team/sa/clerk'] } }],
          to: [{ operation: { ports: ['7000'] } }],
        },
      ],
    });
  });

  test('knows the callers of other namespaces by their service account', () => {
    const connections = [{ from: podsElsewhere('doors', { app: 'door' }), to: podsOf(translator), port: 7000 }];
    const policy = find(meshWith(sidecar, connections), 'AuthorizationPolicy');
    expect(at(policy, 'spec.rules.0.from.0.source.principals')).toEqual(['cluster.local/ns/doors/sa/porter']);
  });

  test('lets nobody call a member that nobody may call', () => {
    const toAnother = [{ from: podsOf(translator), to: podsOf(mailbox), port: 7100 }];
    const policy = find(meshWith(sidecar, toAnother), 'AuthorizationPolicy', 'translator');
    expect(at(policy, 'spec.action')).toBe('ALLOW');
    expect(at(policy, 'spec.rules')).toBeUndefined();
  });

  test('writes nothing where there is no mesh', () => {
    const kinds = meshWith(Mesh.none('a test')).map(({ kind }) => kind);
    expect(kinds).not.toContain('PeerAuthentication');
    expect(kinds).not.toContain('AuthorizationPolicy');
  });

  test('says on the namespace, in any case, whether pods are injected', () => {
    const label = (mode: MeshMode) => at(find(meshWith(mode), 'Namespace'), 'metadata.labels.istio-injection');
    expect([sidecar, Mesh.ambient(), Mesh.none('a test')].map(label)).toEqual(['enabled', 'disabled', 'disabled']);
  });

  test('starts the proxy before the process and ends it after the last request', () => {
    const pod = at(find(meshWith(sidecar), 'Deployment'), 'spec.template.metadata');
    expect(JSON.parse(String(Reflect.get(at(pod, 'annotations') as object, 'proxy.istio.io/config')))).toEqual({
      holdApplicationUntilProxyStarts: true,
      proxyMetadata: { EXIT_ON_ZERO_ACTIVE_CONNECTIONS: 'true' },
    });
  });

  test('keeps stores outside, whose protocols it does not know', () => {
    expect(meshPodMeta(sidecar, 'outsider').labels).toEqual({ 'sidecar.istio.io/inject': 'false' });
    expect(meshPodMeta(Mesh.ambient(), 'outsider').labels).toEqual({ 'istio.io/dataplane-mode': 'none' });
  });

  test('asks for the CNI plugin, for Pod Security refuses the other way', () => {
    const { error } = meshMode.safeParse({ kind: 'sidecar', cni: false });
    expect(error?.issues[0]?.message).toMatch(/without the CNI plugin/);
  });
});
