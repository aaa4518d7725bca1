import { PUBLIC_ANNOTATION } from '../../constructs/workload/public-annotation.js';
import { gateway } from '../../contract/index.js';
import { type EnvironmentClass, type Manifests, manifestsOf } from '../../stacks/index.js';
import type { Manifest } from '../support/cluster.js';
import { eventually } from '../system/eventually.js';
import { definitionsOf } from '../system/tools.js';
import { Client } from './client.js';
import { apply, kubectl, list, remove } from './kubectl.js';
import { adapterCertificate, secretsOf } from './secrets.js';

export interface Pod extends Manifest {
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly name: string; readonly restartCount: number }[];
  };
}

export const isLeaving = ({ metadata }: Pod): boolean => Reflect.get(metadata, 'deletionTimestamp') !== undefined;

export const isReady = (pod: Pod): boolean =>
  !isLeaving(pod) &&
  (pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false);

/** One environment in the cluster. */
export class DeployedPlatform {
  readonly namespace: string;
  readonly #synthesised: Manifests;
  readonly #certificate: ReturnType<typeof adapterCertificate>;

  constructor(Environment: EnvironmentClass) {
    this.#synthesised = manifestsOf(Environment);
    this.namespace = this.#synthesised.namespace;
    this.#certificate = adapterCertificate(this.#synthesised);
  }

  pods(name?: string): Promise<readonly Pod[]> {
    return list<Pod>(this.namespace, 'pods', name === undefined ? '' : `app.kubernetes.io/name=${name}`);
  }

  /** What is not as wished: pods that are not ready, workloads that have not all their replicas. */
  readonly missing = async (): Promise<string[]> => {
    const workloads = await list<Manifest & { spec: { replicas: number }; status: { readyReplicas?: number } }>(
      this.namespace,
      'deployments,statefulsets',
    );
    const few = workloads
      .filter(({ spec, status }) => (status.readyReplicas ?? 0) !== spec.replicas)
      .map(
        ({ kind, metadata, spec, status }) =>
          `${kind} ${metadata.name}: ${status.readyReplicas ?? 0} of ${spec.replicas}`,
      );
    const unready = (await this.pods()).filter((pod) => !isReady(pod)).map(({ metadata }) => `Pod ${metadata.name}`);
    return [...few, ...unready];
  };

  /** Puts the platform into the cluster as it is synthesised, and its secrets, and waits until all of it is ready. @returns seconds that this took */
  async deploy(): Promise<number> {
    const start = performance.now();
    await this.#define();
    await apply(this.#applied.slice(0, 1));
    await apply([...secretsOf(this.#synthesised), this.#certificate.secret]);
    await this.change(this.#synthesised);
    await eventually(this.missing, 600_000);
    return (performance.now() - start) / 1000;
  }

  /** Applies the environment as another class has it. */
  async change(to: EnvironmentClass | Manifests): Promise<void> {
    await apply(this.#appliedOf(typeof to === 'function' ? manifestsOf(to) : to));
  }

  /** Opens the gateway's pods to who is outside the cluster, by a port of the node. */
  async openToOutside(): Promise<Client> {
    const { namespace } = this;
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
        ...{ apiVersion: 'v1', kind: 'Service', metadata: { ...metadata, annotations } },
        spec: { type: 'NodePort', selector, ports },
      },
      {
        ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata },
        spec: { podSelector: { matchLabels: selector }, policyTypes: ['Ingress'], ingress: [{ ports }] },
      },
    ]);
    const nodePort = '{.spec.ports[0].nodePort}';
    const port = await kubectl(['get', 'service', 'outside', '-n', namespace, '-o', `jsonpath=${nodePort}`]);
    const client = new Client(`http://${await nodeAddress()}:${port}`);
    // The node learns of the port a little later.
    await eventually(async () => {
      const answers = await client.request('/v1/models').then(
        ({ status }) => status === 200,
        () => false,
      );
      return answers ? [] : ['the gateway does not answer from outside'];
    });
    return client;
  }

  exec(pod: string, container: string, ...command: string[]): Promise<string> {
    return kubectl(['exec', '-n', this.namespace, pod, '-c', container, '--', ...command]);
  }

  scale(deployment: string, replicas: number): Promise<string> {
    return kubectl(['scale', '-n', this.namespace, `deployment/${deployment}`, `--replicas=${replicas}`]);
  }

  /** Takes a pod away as if its node had gone. */
  kill(pod: string): Promise<string> {
    return kubectl(['delete', 'pod', '-n', this.namespace, pod, '--grace-period=0', '--force', '--wait=false']);
  }

  /** Takes all of it out of the cluster again. */
  async remove(): Promise<void> {
    const own = this.#applied.filter(({ kind }) => kind === 'APIService' || kind === 'Namespace');
    const clusterWide = this.#applied.filter(
      ({ kind, metadata }) => metadata.namespace === undefined && kind !== 'Namespace',
    );
    for (const objects of [clusterWide, own, this.#definitions]) if (objects.length > 0) await remove(objects);
  }

  /** Kinds of objects must be known before the first object of them comes. */
  async #define(): Promise<void> {
    const definitions = [...this.#definitions, ...this.#applied.filter(isDefinition)];
    if (definitions.length === 0) return;
    await apply(definitions);
    const names = definitions.map(({ metadata }) => `crd/${metadata.name}`);
    await kubectl(['wait', '--for=condition=Established', '--timeout=60s', ...names]);
  }

  /** Of Istio's objects. */
  get #definitions(): readonly Manifest[] {
    return definitionsOf(this.#applied.filter(({ apiVersion }) => apiVersion.includes('.istio.io/')));
  }

  get #applied(): readonly Manifest[] {
    return this.#appliedOf(this.#synthesised);
  }

  /** As they are synthesised, but for what cert-manager does where it stands. */
  #appliedOf({ objects }: Manifests): readonly Manifest[] {
    const { caBundle } = this.#certificate;
    return (objects as readonly Manifest[])
      .filter(({ apiVersion }) => !apiVersion.startsWith('cert-manager.io/'))
      .map((object) =>
        object.kind === 'APIService' ? { ...object, spec: { ...(object.spec as object), caBundle } } : object,
      );
  }
}

const isDefinition = ({ kind }: Manifest) => kind === 'CustomResourceDefinition';

/** Where the cluster's one node is reached from outside. */
export function nodeAddress(): Promise<string> {
  const address = '{.items[0].status.addresses[?(@.type=="InternalIP")].address}';
  return kubectl(['get', 'nodes', '-o', `jsonpath=${address}`]);
}
