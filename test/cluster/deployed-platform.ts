import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLIC_ANNOTATION } from '../../constructs/security/admission-policies.js';
import { gateway, metricsAdapter } from '../../contract/index.js';
import { manifestsOf } from '../../stacks/index.js';
import type { Manifest } from '../support/cluster.js';
import { selfSigned } from '../system/certificate.js';
import { eventually } from '../system/eventually.js';
import { ClusterTest } from './environment.js';
import { kubectl, list } from './kubectl.js';

const synthesised = manifestsOf(ClusterTest);
export const { namespace } = synthesised;
const objects = synthesised.objects as readonly Manifest[];

/** What tokens are signed with. */
export const jwtSecret = 'a secret of at least thirty-two characters';
/** Signs that a start script can get wrong. */
const passwords: Readonly<Record<string, string>> = {
  redis: 'red"is p\\w $1',
  rabbitmq: 'rabbit"mq p\\w',
  'tokens/jwt-secret': jwtSecret,
};

export interface Pod extends Manifest {
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly name: string; readonly restartCount: number }[];
  };
}

export const isReady = ({ status, metadata }: Pod): boolean =>
  Reflect.get(metadata, 'deletionTimestamp') === undefined &&
  (status.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True') ?? false);

export const pods = (name?: string) =>
  list<Pod>(namespace, 'pods', name === undefined ? '' : `app.kubernetes.io/name=${name}`);

/** What is not as wished: pods that are not ready, workloads that have not all their replicas. */
export async function missing(): Promise<string[]> {
  const workloads = await list<Manifest & { spec: { replicas: number }; status: { readyReplicas?: number } }>(
    namespace,
    'deployments,statefulsets',
  );
  const few = workloads
    .filter(({ spec, status }) => (status.readyReplicas ?? 0) !== spec.replicas)
    .map(
      ({ kind, metadata, spec, status }) =>
        `${kind} ${metadata.name}: ${status.readyReplicas ?? 0} of ${spec.replicas}`,
    );
  const unready = (await pods()).filter((pod) => !isReady(pod)).map(({ metadata }) => `Pod ${metadata.name}`);
  return [...few, ...unready];
}

const apply = (some: readonly unknown[]) =>
  kubectl(
    ['apply', '--server-side', '--force-conflicts', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: some }),
  );

/** Puts the platform into the cluster as it is synthesised, and its secrets, and waits until all of it is ready. @returns seconds that this took */
export async function deploy(): Promise<number> {
  const start = performance.now();
  const [first, ...others] = objects.filter(({ apiVersion }) => !apiVersion.startsWith('cert-manager.io/'));
  await apply([first]);
  await apply(secrets());
  await apply(withCertificate(others));
  await eventually(missing, 600_000);
  return (performance.now() - start) / 1000;
}

function secrets(): readonly unknown[] {
  const values = new Map<string, Record<string, string>>();
  for (const { secret, key } of synthesised.requiredSecrets) {
    const value = passwords[`${secret}/${key}`] ?? passwords[secret] ?? `of-the-test-${secret}`;
    values.set(secret, { ...values.get(secret), [key]: value });
  }
  return [...values].map(([name, stringData]) => secret(name, 'Opaque', stringData));
}

function secret(name: string, type: string, stringData: Record<string, string>) {
  return { apiVersion: 'v1', kind: 'Secret', type, metadata: { name, namespace }, stringData };
}

/** What cert-manager does once it stands: the adapter's certificate, and who may ask it told of it. */
function withCertificate(some: readonly Manifest[]): readonly unknown[] {
  const folder = mkdtempSync(join(tmpdir(), 'armature-certificate-'));
  const { pem, keyFile } = selfSigned(folder, metricsAdapter.name, [`${metricsAdapter.name}.${namespace}.svc`]);
  const key = readFileSync(keyFile, 'utf8');
  rmSync(folder, { recursive: true });
  const caBundle = Buffer.from(pem).toString('base64');
  return [
    secret(`${metricsAdapter.name}-tls`, 'kubernetes.io/tls', { 'tls.crt': pem, 'tls.key': key }),
    ...some.map((object) =>
      object.kind === 'APIService' ? { ...object, spec: { ...(object.spec as object), caBundle } } : object,
    ),
  ];
}

/** Opens the gateway's pods to who is outside the cluster, by a port of the node. @returns its address */
export async function openToOutside(): Promise<string> {
  const [service] = await list<Manifest & { spec: { selector: Record<string, string> } }>(
    namespace,
    'services',
    `app.kubernetes.io/name=${gateway.name}`,
  );
  if (service === undefined) throw new Error('The gateway has no Service.');
  const { selector } = service.spec;
  const metadata = { name: 'outside', namespace };
  const annotations = { [PUBLIC_ANNOTATION]: 'the test stands outside' };
  const ports = [{ port: gateway.port }];
  await apply([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...metadata, annotations },
      spec: { type: 'NodePort', selector, ports },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: { podSelector: { matchLabels: selector }, policyTypes: ['Ingress'], ingress: [{ ports }] },
    },
  ]);
  const nodePort = await kubectl([
    'get',
    'service',
    'outside',
    '-n',
    namespace,
    '-o',
    'jsonpath={.spec.ports[0].nodePort}',
  ]);
  const address = `{.items[0].status.addresses[?(@.type=="InternalIP")].address}`;
  return `http://${await kubectl(['get', 'nodes', '-o', `jsonpath=${address}`])}:${nodePort}`;
}

/** Takes all of it out of the cluster again. */
export async function remove(): Promise<void> {
  const own = objects.filter(({ kind }) => kind === 'APIService' || kind === 'Namespace');
  const clusterWide = objects.filter(({ kind, metadata }) => metadata.namespace === undefined && kind !== 'Namespace');
  for (const some of [clusterWide, own]) {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: some });
    await kubectl(['delete', '--ignore-not-found', '--wait=true', '-f', '-'], input);
  }
}
