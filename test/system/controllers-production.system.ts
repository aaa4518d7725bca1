import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PROXY_LABEL, PROXY_RESOURCES } from '../../constructs/mesh-mode.js';
import { millicoresOf } from '../../constructs/workload/quantity.js';
import { canaryPolicy, services, VERSION_LABEL } from '../../contract/index.js';
import { production, separatePools } from '../../stacks/index.js';
import { at, find, type Manifest } from '../support/cluster.js';
import { Cluster, isReady, type Pod } from './cluster.js';
import { renderReleased } from './environments.js';
import { eventually } from './eventually.js';
import { definitionsOf } from './tools.js';

/** What a node of 8 cores and 32 GiB leaves for pods: of the general ones as many as four services and a canary want at their ceilings. */
const node = { cpu: '7', memory: '28Gi' };
const nodePools = separatePools({
  general: { ...node, nodes: 27 },
  compute: { ...node, nodes: 6 },
  memory: { ...node, nodes: 9 },
  network: { ...node, nodes: 6 },
  isolated: { ...node, nodes: 6 },
});
const { objects, namespace } = renderReleased('production', { ...production, nodePools });

const ofKind = (kind: string) => objects.filter((one) => one.kind === kind);
const autoscalers = ofKind('HorizontalPodAutoscaler');
const budgets = ofKind('PodDisruptionBudget');
const workloads = [...ofKind('Deployment'), ...ofKind('StatefulSet')];

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start(nodePools);
  const { server } = cluster;
  await server.define(definitionsOf(objects));
  await cluster.provision(objects);
  // Where the certificate of Istio's ingress gateway must stand.
  await server.applyAll([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-ingress' } }]);
  await server.applyAll(objects.map(withProxy));
});
afterAll(() => cluster?.stop());

test('every pod of production is scheduled, and ready', async () => {
  const floors = replicas('minReplicas');
  await eventually(() => cluster.unready(namespace, floors));
  const pods = await cluster.pods(namespace);
  expect(pods.filter((pod) => !isReady(pod))).toEqual([]);
  expect(pods).toHaveLength([...floors.values()].reduce((sum, one) => sum + one));
});

test.each(Object.values(services).map(({ name, placement }) => [name, placement] as const))(
  'the pods of %s run on nodes of the pool "%s", as many of them and of their zones as there can be',
  async (name, placement) => {
    const pods = await podsOf(name);
    const nodes = await Promise.all(pods.map(nodeOf));
    const labels = nodes.map((one) => one.metadata.labels ?? {});
    expect(labels).toEqual(labels.map(() => expect.objectContaining(nodePools[placement].labels)));
    const apart = (label: string) => new Set(labels.map((one) => one[label])).size;
    expect(apart('topology.kubernetes.io/zone')).toBe(Math.min(3, pods.length));
    expect(apart('kubernetes.io/hostname')).toBe(pods.length);
  },
);

test('a drain of all nodes takes a quarter of the pods of each budget, rounded up, and no more', async () => {
  await cordon(true);
  for (const budget of budgets) {
    const { server } = cluster;
    const pods = await cluster.pods(namespace, selectorOf(budget));
    await eventually(async () => {
      const healthy = at((await server.get(budget)).body, 'status.currentHealthy');
      return healthy === pods.length ? [] : [`${budget.metadata.name} sees ${healthy} of ${pods.length} pods`];
    });
    const answers = [];
    for (const { metadata } of pods) {
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: metadata.name, namespace } };
      const path = `/api/v1/namespaces/${namespace}/pods/${metadata.name}/eviction`;
      answers.push((await server.send('POST', path, eviction)).status);
    }
    const allowed = Math.ceil(pods.length / 4);
    const expected = pods.map((_, i) => (i < allowed ? 201 : 429));
    expect({ budget: budget.metadata.name, answers }).toEqual({ budget: budget.metadata.name, answers: expected });
  }
  await cordon(false);
  await eventually(() => cluster.unready(namespace, replicas('minReplicas')));
});

test('at all ceilings together every pod is still granted by the quota and scheduled, in nodes that synthesis holds to be enough', async () => {
  for (const autoscaler of autoscalers) {
    const { status } = await cluster.server.patch(autoscaler, {
      spec: { minReplicas: at(autoscaler, 'spec.maxReplicas') },
    });
    expect(status).toBe(200);
  }
  await eventually(() => cluster.unready(namespace, replicas('maxReplicas')));
});

test('the quota refuses a pod that goes beyond it', async () => {
  const [limit] = at(find(objects, 'LimitRange'), 'spec.limits') as { max: Record<string, string> }[];
  const quota = at(find(objects, 'ResourceQuota'), 'spec.hard') as Record<string, string>;
  const largest = { requests: limit?.max, limits: limit?.max };
  const enough = Math.ceil(millicoresOf(quota['requests.cpu'] ?? '') / millicoresOf(limit?.max.cpu ?? ''));
  const create = async (containers: number) => {
    const template = at(find(objects, 'Deployment', services.chat.name), 'spec.template') as Manifest;
    const [one] = at(template, 'spec.containers') as object[];
    const many = Array.from({ length: containers }, (_, i) => ({ ...one, name: `one-${i}`, resources: largest }));
    const metadata = { ...template.metadata, name: 'another' };
    const pod = { metadata, spec: { ...(template.spec as object), containers: many } };
    return cluster.server.send('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, pod);
  };
  expect((await create(1)).status).toBe(201);
  const { status, body } = await create(enough);
  expect(status).toBe(403);
  expect(body.message).toContain('exceeded quota: platform');
});

/** Replicas of each workload: what it states, or a bound of its autoscaler. */
function replicas(bound: 'minReplicas' | 'maxReplicas'): ReadonlyMap<string, number> {
  return new Map(
    workloads.map(({ metadata: { name }, spec }) => {
      const scaled = autoscalers.find((one) => at(one, 'spec.scaleTargetRef.name') === name);
      return [name, Number(at(spec, 'replicas') ?? at(scaled, `spec.${bound}`))];
    }),
  );
}

/** What Istio's webhook does to the pods of the mesh, as far as a scheduler and a quota see it. */
function withProxy(object: Manifest): Manifest {
  const template = at(object, 'spec.template') as (Manifest & { spec: { containers: object[] } }) | undefined;
  if (template?.metadata.labels?.[PROXY_LABEL.name] !== PROXY_LABEL.value) return object;
  const { containers } = template.spec;
  const proxy = { ...containers[0], name: 'istio-proxy', resources: PROXY_RESOURCES, ports: [], volumeMounts: [] };
  const spec = { ...template.spec, containers: [...containers, proxy] };
  return { ...object, spec: { ...(object.spec as object), template: { ...template, spec } } };
}

async function podsOf(name: string): Promise<readonly Pod[]> {
  // A canary is a release of its own, and spread by itself.
  return (await cluster.pods(namespace, `app.kubernetes.io/name=${name}`)).filter(
    ({ metadata }) => metadata.labels[VERSION_LABEL] === canaryPolicy.stableVersion,
  );
}

async function nodeOf({ spec }: Pod): Promise<Manifest> {
  return (await cluster.server.send('GET', `/api/v1/nodes/${spec.nodeName}`)).body;
}

function selectorOf({ spec }: Manifest): string {
  const labels = at(spec, 'selector.matchLabels') as Record<string, string>;
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

async function cordon(unschedulable: boolean): Promise<void> {
  for (const one of await cluster.list('/api/v1/nodes')) {
    await cluster.server.patch({ ...one, apiVersion: 'v1', kind: 'Node' }, { spec: { unschedulable } });
  }
}
