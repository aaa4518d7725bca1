import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { NodePools } from '../../constructs/index.js';
import { at, type Manifest } from '../support/cluster.js';
import type { ControlPlane } from './control-plane.js';
import { freePorts, Program } from './program.js';

const ZONES = ['a', 'b', 'c'];
const CAPACITY = { cpu: '64', memory: '256Gi', 'ephemeral-storage': '1Ti', pods: '110' };

/** What kwok does: a node is ready, a pod that is bound to one runs and is ready, one that is deleted goes. */
const STAGES = `apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: node-ready }
spec:
  resourceRef: { apiGroup: v1, kind: Node }
  selector: { matchExpressions: [{ key: .status.phase, operator: NotIn, values: [Running] }] }
  next:
    statusTemplate: |
      phase: Running
      conditions:
      {{ range NodeConditions }}
      - { type: {{ .type | Quote }}, status: {{ .status | Quote }}, reason: {{ .reason | Quote }}, lastHeartbeatTime: {{ Now | Quote }}, lastTransitionTime: {{ Now | Quote }} }
      {{ end }}
---
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: pod-ready }
spec:
  resourceRef: { apiGroup: v1, kind: Pod }
  selector:
    matchExpressions:
      - { key: .metadata.deletionTimestamp, operator: DoesNotExist }
      - { key: .status.phase, operator: In, values: [Pending] }
  next:
    statusTemplate: |
      {{ $now := Now }}
      phase: Running
      startTime: {{ $now | Quote }}
      conditions:
      {{ range $type := (list "PodScheduled" "Initialized" "ContainersReady" "Ready") }}
      - { type: {{ $type }}, status: "True", lastTransitionTime: {{ $now | Quote }} }
      {{ end }}
      containerStatuses:
      {{ range .spec.containers }}
      - { name: {{ .name | Quote }}, image: {{ .image | Quote }}, imageID: "", ready: true, started: true, restartCount: 0, state: { running: { startedAt: {{ $now | Quote }} } } }
      {{ end }}
---
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: pod-gone }
spec:
  resourceRef: { apiGroup: v1, kind: Pod }
  selector: { matchExpressions: [{ key: .metadata.deletionTimestamp, operator: Exists }] }
  next: { finalizers: { empty: true }, delete: true }
`;

/** Nodes without a machine, in three zones for each pool, on which kwok lets pods run. */
export class FakeNodes {
  readonly #kwok: Program;

  private constructor(
    readonly plane: ControlPlane,
    kwok: Program,
  ) {
    this.#kwok = kwok;
  }

  static async start(plane: ControlPlane, pools: NodePools): Promise<FakeNodes> {
    const stages = join(plane.folder, 'stages.yaml');
    writeFileSync(stages, STAGES);
    const nodes = Object.entries(pools).flatMap(([name, pool]) => ZONES.map((zone) => node(name, zone, pool)));
    // Created, not applied: an apply does not take a status.
    for (const one of nodes) await plane.send('POST', '/api/v1/nodes', one);
    const [port = 0] = await freePorts(1);
    const kwok = new Program(
      'kwok',
      [
        `--kubeconfig=${plane.kubeconfig}`,
        ...[`--config=${stages}`, '--manage-all-nodes=true', `--server-address=127.0.0.1:${port}`],
        ...['--node-lease-duration-seconds=40', '--cidr=10.97.0.0/16'],
      ],
      plane.folder,
    );
    await kwok.until(async () => (await plane.list('v1', 'Node')).every(isReady));
    return new FakeNodes(plane, kwok);
  }

  stop(): Promise<void> {
    return this.#kwok.stop();
  }

  /**
   * Waits until a condition holds, and gives volumes to whoever claims one, as a provisioner would.
   * @throws with what `state` says when it did not come to hold in time
   */
  async until(
    namespace: string,
    holds: () => Promise<boolean>,
    state: () => Promise<string>,
    timeoutMs = 240_000,
  ): Promise<void> {
    for (const end = Date.now() + timeoutMs; ; await wait(1_000)) {
      await this.#provision(namespace);
      if (await holds()) return;
      if (Date.now() > end) throw new Error(`Not within ${timeoutMs / 1_000} s: ${await state()}`);
    }
  }

  async #provision(namespace: string): Promise<void> {
    const claims = await this.plane.list('v1', 'PersistentVolumeClaim', namespace);
    const waiting = claims.filter((claim) => at(claim, 'status.phase') === 'Pending');
    await this.plane.applyAll(waiting.map((claim) => volumeFor(claim, namespace)));
  }
}

function volumeFor(claim: Manifest, namespace: string): Manifest {
  const { name } = claim.metadata;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `${namespace}-${name}` },
    spec: {
      capacity: { storage: at(claim, 'spec.resources.requests.storage') },
      accessModes: at(claim, 'spec.accessModes'),
      hostPath: { path: `/nowhere/${name}` },
      claimRef: { namespace, name },
    },
  };
}

function node(pool: string, zone: string, { labels, taints }: NodePools[keyof NodePools]): Manifest {
  const name = `${pool}-${zone}`;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { ...labels, 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone },
    },
    spec: { taints: Object.entries(taints).map(([key, value]) => ({ key, value, effect: 'NoSchedule' })) },
    status: { capacity: CAPACITY, allocatable: CAPACITY },
  };
}

/** Whether a pod or a node is. */
export function isReady(object: Manifest): boolean {
  const conditions = (at(object, 'status.conditions') ?? []) as { type: string; status: string }[];
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}
