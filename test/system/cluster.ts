import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodePools } from '../../constructs/index.js';
import { at, type Manifest } from '../support/cluster.js';
import { type Certificate, selfSigned } from './certificate.js';
import { ControlPlane, SERVER_CERTIFICATE, SERVICE_ACCOUNT_KEY, type User } from './control-plane.js';
import { PodNetwork } from './pod-network.js';
import { kwokStages } from './tools.js';

/** Pods as the API server holds them; only what is read. */
export interface Pod extends Manifest {
  readonly metadata: Manifest['metadata'] & { readonly labels: Readonly<Record<string, string>>; readonly uid: string };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly {
      readonly name: string;
      readonly ports?: readonly { readonly containerPort: number }[];
    }[];
  };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

const ZONES = ['zone-a', 'zone-b', 'zone-c'] as const;
const ZONE_LABEL = 'topology.kubernetes.io/zone';
const STORAGE_CLASS = 'standard';

/**
 * Everything of a cluster but containers: API server, controllers, scheduler, and nodes that say of each pod at once that it runs. Their
 * addresses lead nowhere but through `network`.
 */
export class Cluster {
  private constructor(
    readonly server: ControlPlane,
    readonly network: PodNetwork,
  ) {}

  /** @param pools each of a stated capacity; its nodes are spread over the zones */
  static async start(pools: NodePools): Promise<Cluster> {
    const network = await PodNetwork.start();
    try {
      const server = await ControlPlane.start(async (folder) => [
        ...proxyFlags(folder),
        ...(await networkFlags(folder, network)),
      ]);
      const cluster = new Cluster(server, network);
      try {
        cluster.#runControllers();
        await cluster.#makeNodes(pools);
        return cluster;
      } catch (error) {
        await server.stop();
        throw error;
      }
    } catch (error) {
      await network.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.network.stop();
  }

  #runControllers(): void {
    const { server } = this;
    const component = (name: string, flags: readonly string[]) => {
      const user = `system:${name}` as User;
      const config = server.kubeconfig(name, server.tokenOf(user));
      const configs = ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'];
      server.run(name, [...configs.map((flag) => `--${flag}=${config}`), ...SERVED_NOWHERE, ...flags]);
    };
    component('kube-controller-manager', [
      ...[`--service-account-private-key-file=${SERVICE_ACCOUNT_KEY}`, `--root-ca-file=${SERVER_CERTIFICATE}`],
      '--use-service-account-credentials',
      // It reads the metrics once a second, where a cluster's waits for 15: a behaviour's periods are what scaling waits for here.
      '--horizontal-pod-autoscaler-sync-period=1s',
      ...['--kube-api-qps=200', '--kube-api-burst=400', '--flex-volume-plugin-dir=none'],
    ]);
    component('kube-scheduler', []);
    server.run('kwok', [
      `--kubeconfig=${server.kubeconfig('kwok', server.tokenOf('admin'))}`,
      `--config=${kwokStages()}`,
      ...['--manage-all-nodes', '--node-lease-duration-seconds=40', '--cidr=10.244.0.0/16'],
    ]);
  }

  async #makeNodes(pools: NodePools): Promise<void> {
    for (const [pool, { labels, taints, capacity: of }] of Object.entries(pools)) {
      if (of === undefined) throw new Error(`The pool ${pool} does not say how many nodes it has, and of what size.`);
      const capacity = { cpu: of.cpu, memory: of.memory, pods: String(of.pods ?? 110), 'ephemeral-storage': '100Gi' };
      for (let i = 0; i < of.nodes; i++) {
        const name = `${pool}-${i}`;
        const zone = ZONES[i % ZONES.length] ?? '';
        const metadata = { name, labels: { ...labels, 'kubernetes.io/hostname': name, [ZONE_LABEL]: zone } };
        const spec = { taints: Object.entries(taints).map(([key, value]) => ({ key, value, effect: 'NoSchedule' })) };
        await this.#create('/api/v1/nodes', { metadata, spec, status: { capacity, allocatable: capacity } });
      }
    }
  }

  /** Plays the provisioner: a default class of storage, and a volume for each claim that StatefulSets will make. */
  async provision(objects: readonly Manifest[]): Promise<void> {
    await this.#create('/apis/storage.k8s.io/v1/storageclasses', {
      metadata: {
        name: STORAGE_CLASS,
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      },
      provisioner: 'kubernetes.io/no-provisioner',
    });
    for (const set of objects.filter(({ kind }) => kind === 'StatefulSet')) {
      const claims = at(set, 'spec.volumeClaimTemplates') as readonly Manifest[] | undefined;
      for (const { metadata, spec } of claims ?? []) {
        for (let i = 0; i < Number(at(set, 'spec.replicas')); i++) {
          await this.#create('/api/v1/persistentvolumes', {
            metadata: { name: `${metadata.name}-${set.metadata.name}-${i}` },
            spec: {
              storageClassName: STORAGE_CLASS,
              capacity: at(spec, 'resources.requests'),
              accessModes: at(spec, 'accessModes'),
              hostPath: { path: '/nowhere' },
            },
          });
        }
      }
    }
  }

  /** What is missing until each Deployment and StatefulSet has so many pods, all of them ready. */
  async unready(namespace: string, replicas: ReadonlyMap<string, number>): Promise<readonly string[]> {
    const found = await Promise.all(
      ['deployments', 'statefulsets'].map((kind) => this.list(`/apis/apps/v1/namespaces/${namespace}/${kind}`)),
    );
    const status = new Map(found.flat().map((one) => [one.metadata.name, one.status as Record<string, number>]));
    return [...replicas].flatMap(([name, wanted]) => {
      const { replicas: made = 0, updatedReplicas = 0, readyReplicas = 0 } = status.get(name) ?? {};
      if ([made, updatedReplicas, readyReplicas].every((count) => count === wanted)) return [];
      return [`${name}: ${readyReplicas} ready of ${made}, not ${wanted}`];
    });
  }

  async pods(namespace: string, selector = ''): Promise<readonly Pod[]> {
    const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`;
    return this.list(path) as Promise<readonly Pod[]>;
  }

  /** The objects of a collection. */
  async list(path: string): Promise<readonly Manifest[]> {
    const { status, body } = await this.server.send('GET', path);
    if (status !== 200) throw new Error(`${path}: ${body.message}`);
    return body.items as readonly Manifest[];
  }

  async #create(path: string, object: object): Promise<void> {
    const { status, body } = await this.server.send('POST', path, object);
    if (status !== 201) throw new Error(`${path}: ${body.message}`);
  }
}

export function isReady({ status }: Pod): boolean {
  return status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
}

/** Nobody asks the components for anything, and there is only one of each. */
const SERVED_NOWHERE = ['--secure-port=0', '--leader-elect=false'];

/** By which the API servers of metrics know that it is the API server who tells them who calls. */
function proxyFlags(folder: string): readonly string[] {
  const { certFile, keyFile }: Certificate = selfSigned(folder, 'front-proxy', ['front-proxy']);
  return [
    ...[`--requestheader-client-ca-file=${certFile}`, '--requestheader-allowed-names=front-proxy'],
    ...['--requestheader-username-headers=X-Remote-User', '--requestheader-group-headers=X-Remote-Group'],
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    ...[`--proxy-client-cert-file=${certFile}`, `--proxy-client-key-file=${keyFile}`],
  ];
}

async function networkFlags(folder: string, network: PodNetwork): Promise<readonly string[]> {
  const [path, socket] = [join(folder, 'egress.json'), join(folder, 'network.sock')];
  await network.listen(socket);
  const connection = { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: socket } } };
  const config = { apiVersion: 'apiserver.k8s.io/v1beta1', kind: 'EgressSelectorConfiguration' };
  writeFileSync(path, JSON.stringify({ ...config, egressSelections: [{ name: 'cluster', connection }] }));
  return [`--egress-selector-config-file=${path}`];
}
