import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { at, find, type Manifest } from '../support/cluster.js';
import { until } from '../support/until.js';
import { selfSigned } from './certificate.js';
import { ControlPlane } from './control-plane.js';
import { releasedEnvironments } from './environments.js';
import { firstPod, openQuota } from './first-pod.js';
import { analyze, inject, istioInstallation, validate } from './istio.js';
import { customResourceDefinitions } from './tools.js';

/** What is left standing between two environments. */
const LASTING = ['Namespace', 'CustomResourceDefinition'];

const installation = istioInstallation({ cni: true });
const environments = releasedEnvironments().map((environment) => ({
  ...environment,
  injected: inject(environment.objects, installation),
}));

const NOBODY = { app: 'nobody' };

let server: ControlPlane;
let kubeconfig: string;

beforeAll(async () => {
  server = await ControlPlane.start();
  kubeconfig = server.kubeconfig('istioctl', server.tokenOf('admin'));
  await server.define(customResourceDefinitions());
  await server.applyAll(['default', 'istio-system', 'istio-ingress'].map(namespaceOutside));
  // Without its webhooks: nobody answers them here.
  await server.applyAll(installation.filter(({ kind }) => ['ConfigMap', 'Service', 'ServiceAccount'].includes(kind)));
  await server.applyAll(podsOf(installation.filter(({ metadata }) => metadata.name === 'istio-ingressgateway')));
});
afterAll(() => server?.stop());

describe.each(environments)('$name in the mesh:', ({ name, objects, injected }) => {
  const pods = podsOf(injected);

  beforeAll(async () => {
    await server.applyAll([...objects, ...secretsOf(objects)]);
    await openQuota(server, find(objects, 'ResourceQuota'));
    const [proxied] = pods.filter(hasProxy);
    // Policies come into force some time after they have been accepted.
    await until(
      'a policy refuses a pod',
      async () => (await refusal(unversioned(proxied))).includes('-images'),
      60_000,
    );
  });
  // The next one bears the same names. A namespace goes only with a controller, and a definition takes its time, so they stay.
  afterAll(async () => {
    const gone = [...objects, ...secretsOf(objects), ...pods].filter(({ kind }) => !LASTING.includes(kind));
    for (const object of gone.toReversed()) await server.delete(object);
  });

  test('Pod Security, quota and policies admit every pod with its proxy, without a warning', async () => {
    expect(pods.filter(hasProxy).length).toBeGreaterThan(8);
    for (const pod of pods) {
      const { status, warnings, body } = await server.apply(pod);
      const { name } = pod.metadata;
      expect({ name, status, warnings, message: body.message }).toEqual({ name, status: 201, warnings: [] });
    }
  });

  test('Pod Security refuses the same pods where an init container would set up their networks', async () => {
    const [pod] = podsOf(inject(objects, istioInstallation({ cni: false }))).filter(hasProxy);
    expect(await refusal(pod)).toMatch(/violates PodSecurity "restricted:[^"]+".*NET_ADMIN/);
  });

  test('istioctl analyze has nothing to say about the cluster', () => {
    expect(analyze(kubeconfig)).toEqual([]);
  });

  test('istioctl validate has nothing to say about any object', () => {
    expect(validate(objects)).toEqual([]);
  });

  if (name === 'production') {
    const change = (kind: string, object: string, spec: object) => {
      const found = find(objects, kind, object);
      return { ...found, spec: { ...(found.spec as object), ...spec } };
    };
    const [tls, ...servers] = at(find(objects, 'Gateway'), 'spec.servers') as readonly object[];
    const byClaim = { match: [{ headers: { '@request.auth.claims.sub': { exact: 'ada' } } }] };

    test.each<[string, Manifest, string]>([
      [
        'a subset that no rule defines',
        change('DestinationRule', 'chat', { subsets: [] }),
        'IST0101 VirtualService armature/chat',
      ],
      ['a gateway of no pod', change('Gateway', 'public', { selector: NOBODY }), 'IST0101 Gateway armature/public'],
      [
        'a certificate that nobody makes',
        change('Gateway', 'public', {
          servers: [{ ...tls, tls: { mode: 'SIMPLE', credentialName: 'gone' } }, ...servers],
        }),
        'IST0101 Gateway armature/public',
      ],
      [
        'two routes of one host',
        change('VirtualService', 'rag', { hosts: ['chat'] }),
        'IST0109 VirtualService armature/',
      ],
      [
        'a policy of no pod',
        change('AuthorizationPolicy', 'rag', { selector: { matchLabels: NOBODY } }),
        'IST0127 AuthorizationPolicy armature/rag',
      ],
      [
        'a route by a claim that nobody verifies',
        change('VirtualService', 'public', {
          http: (at(find(objects, 'VirtualService', 'public'), 'spec.http') as object[]).map((one) => ({
            ...one,
            ...byClaim,
          })),
        }),
        'IST0149 VirtualService armature/public',
      ],
    ])('istioctl analyze finds %s', (_, changed, finding) => {
      expect(analyze(kubeconfig, [changed]).join('\n')).toContain(finding);
    });
  }
});

test('istioctl analyze finds a namespace that says nothing of the mesh, a pod without its proxy and a port without a protocol', async () => {
  const pod = { containers: [{ name: 'odd', image: 'odd:1' }] };
  const port = { name: 'odd', port: 80 };
  await server.applyAll([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'silent' } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'odd', labels: { 'istio-injection': 'enabled' } } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'odd' } },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'odd', namespace: 'odd', labels: NOBODY }, spec: pod },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'odd', namespace: 'odd' },
      spec: { selector: NOBODY, ports: [port] },
    },
  ]);
  const findings = analyze(kubeconfig).join('\n');
  for (const code of ['IST0102 Namespace silent', 'IST0103 Pod odd/odd', 'IST0118 Service odd/odd']) {
    expect(findings).toContain(code);
  }
});

test('istioctl validate finds a route without a destination', () => {
  const metadata = { name: 'odd', namespace: 'odd' };
  const spec = { hosts: ['odd'], http: [{ route: [] }] };
  expect(validate([{ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata, spec }])).not.toEqual([]);
});

function namespaceOutside(name: string): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'istio-injection': 'disabled' } } };
}

/** What cert-manager makes of the certificates. */
function secretsOf(objects: readonly Manifest[]): readonly Manifest[] {
  const { pem, keyFile } = selfSigned(server.folder, 'public', ['llm.example.com']);
  return objects
    .filter(({ kind }) => kind === 'Certificate')
    .map(({ metadata: { namespace }, spec }) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name: String(at(spec, 'secretName')), ...(namespace !== undefined && { namespace }) },
      stringData: { 'tls.crt': pem, 'tls.key': readFileSync(keyFile, 'utf8') },
    }));
}

/** The first pod of each workload, as its controller makes it. */
function podsOf(workloads: readonly Manifest[]): readonly Manifest[] {
  return workloads
    .map((one) => (one.kind === 'CronJob' ? { ...one, spec: at(one, 'spec.jobTemplate.spec') } : one))
    .filter((one) => at(one, 'spec.template.spec.containers'))
    .map(firstPod);
}

function hasProxy({ spec }: Manifest): boolean {
  return (at(spec, 'containers') as readonly { name: string }[]).some(({ name }) => name === 'istio-proxy');
}

/** A pod that Pod Security lets in, and the policies do not. */
function unversioned(pod: Manifest | undefined): Manifest | undefined {
  const containers = at(pod, 'spec.containers') as readonly object[];
  const spec = { ...(pod?.spec as object), containers: containers.map((one) => ({ ...one, image: 'proxy:latest' })) };
  return pod && { ...pod, spec };
}

/** Why the API server would not take a pod; nothing when it would. */
async function refusal(pod: Manifest | undefined): Promise<string> {
  const path = `/api/v1/namespaces/${pod?.metadata.namespace}/pods?dryRun=All`;
  const { status, body } = await server.send('POST', path, pod);
  return status === 201 ? '' : (body.message ?? '');
}
