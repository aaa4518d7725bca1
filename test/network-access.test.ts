import { describe, expect, test } from '@jest/globals';
import { allows, Cluster, type NetworkEnd, type PodTemplate } from '../constructs/index.js';
import {
  agent,
  agentSettings,
  alertmanager,
  backups,
  canary,
  flows,
  gateway,
  grafana,
  isExternal,
  kubeStateMetrics,
  metricsAdapter,
  orchestrator,
  otelCollector,
  ports,
  prometheus,
  qdrant,
  rabbitmq,
  redis,
  type ServiceSpec,
  services,
  stores,
  wellKnownPorts,
} from '../contract/index.js';
import { at } from './support/cluster.js';
import { releasedEnvironments } from './system/environments.js';

const DNS: NetworkEnd = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
const MESH: NetworkEnd = { namespace: 'istio-system', labels: { app: 'istiod' } };
const ENTRANCE: NetworkEnd = {
  namespace: 'istio-ingress',
  labels: {
    app: 'istio-ingressgateway',
    istio: 'ingressgateway',
    // As the Gateway API's controller labels them.
    'gateway.networking.k8s.io/gateway-name': 'public',
  },
};
const KEDA: NetworkEnd = { namespace: 'keda', labels: { app: 'keda-operator' } };
const STRANGER: NetworkEnd = { namespace: 'default', labels: { app: 'stranger' } };
const API_SERVER: NetworkEnd = { ip: '10.0.0.1' };
const PUBLIC: NetworkEnd = { ip: '203.0.113.7' };
const CLOUD_METADATA: NetworkEnd = { ip: '169.254.169.254' };

/** Ports by which the nodes of a store find and copy each other. */
const nodePorts = [
  { name: rabbitmq.name, own: [ports.rabbitmqPeerDiscovery, ports.rabbitmqDistribution] },
  { name: qdrant.name, own: [ports.qdrantPeers] },
  { name: redis.name, own: [redis.port, ports.redisSentinel] },
];

const nameOf = ({ labels }: PodTemplate) => String(labels['app.kubernetes.io/name']);

describe.each(releasedEnvironments())('in $name', ({ name, objects }) => {
  const cluster = new Cluster(objects.map((value) => ({ value })));
  const pods = cluster.pods.filter(({ isLasting }) => isLasting);
  const jobs = cluster.pods.filter(({ isLasting }) => !isLasting);
  const adapter = pods.some((pod) => nameOf(pod) === metricsAdapter.name) ? [metricsAdapter.name] : [];
  const runs = (name: string) => pods.some((pod) => nameOf(pod) === name);
  const isReplicated = (name: string) =>
    pods.some((pod) => nameOf(pod) === name && Number(at(pod.owner.value, 'spec.replicas')) > 1);

  /** Prometheus, where it is not the operator's in another namespace. */
  const observer = [prometheus.name].filter(runs);

  /** `caller callee port` of each connection inside, from the contract alone and not from what the policies were made of. */
  const listed = new Set([
    ...flows.flatMap(({ from, to }) =>
      isExternal(to) || !runs(to.name) ? [] : [`${from.name} ${to.name} ${to.port}`],
    ),
    ...observer.flatMap((from) => Object.values(services).map(({ name, port }) => `${from} ${name} ${port}`)),
    ...Object.values(stores).flatMap((store) =>
      observer.length > 0 && 'metricsPort' in store && runs(store.name)
        ? [`${prometheus.name} ${store.name} ${store.metricsPort}`]
        : [],
    ),
    ...observer.flatMap((to) =>
      [...adapter, ...[grafana.name].filter(runs)].map((name) => `${name} ${to} ${prometheus.port}`),
    ),
    ...Object.values<ServiceSpec>(services)
      .filter(({ settings }) => settings.otlpEndpoint !== undefined && runs(otelCollector.name))
      .map(({ name }) => `${name} ${otelCollector.name} ${otelCollector.port}`),
    ...nodePorts.flatMap(({ name, own }) => (isReplicated(name) ? own.map((port) => `${name} ${name} ${port}`) : [])),
    // Who uses Redis asks its sentinels first.
    ...(isReplicated(redis.name)
      ? flows.flatMap(({ from, to }) => (to === redis ? [`${from.name} ${redis.name} ${ports.redisSentinel}`] : []))
      : []),
  ]);

  /** What backups connect to: their own store, and the object store where it runs here and keeps them. */
  const saved = new Set(
    Object.values(backups).flatMap(({ name, of, ports: own }) =>
      runs(of.name) && jobs.some((job) => nameOf(job) === name)
        ? own
            .filter((port) => port !== ports.redisSentinel || isReplicated(redis.name))
            .map((port) => `${name} ${of.name} ${port}`)
        : [],
    ),
  );

  /** Every pod with every other, at every port of the platform. */
  const pairs = pods.flatMap((from) =>
    pods.flatMap((to) => [...new Set(Object.values(ports))].map((port) => ({ from, to, port }))),
  );
  const jobPairs = jobs.flatMap((from) =>
    [...pods, ...jobs].flatMap((to) => [...new Set(Object.values(ports))].map((port) => ({ from, to, port }))),
  );
  const text = ({ from, to, port }: (typeof pairs)[number]) => `${nameOf(from)} ${nameOf(to)} ${port}`;

  test('every connection of the contract passes, and of all the others not one', () => {
    const passing = pairs.filter(({ from, to, port }) => allows(cluster, from, to, port));
    expect([...new Set(passing.map(text))].sort()).toEqual([...listed].sort());
    expect(pairs.length - passing.length).toBeGreaterThanOrEqual(200);
  });

  test('a backup reaches the store that it saves, the place where it is kept, and nothing else', () => {
    expect(jobs.length).toBeGreaterThanOrEqual(4);
    const passing = jobPairs.filter(({ from, to, port }) => allows(cluster, from, to, port));
    expect([...new Set(passing.map(text))].sort()).toEqual([...saved].sort());
    expect(jobs.filter((job) => !allows(cluster, job, PUBLIC, wellKnownPorts.https)).map(nameOf)).toEqual([]);
    expect(jobs.filter((job) => pods.some((pod) => allows(cluster, pod, job, wellKnownPorts.https)))).toEqual([]);
  });

  test('every pod may ask for addresses, and for its certificate of the mesh', () => {
    const mute = cluster.pods.filter(
      (pod) =>
        !allows(cluster, pod, DNS, wellKnownPorts.dns, 'UDP') ||
        !allows(cluster, pod, DNS, wellKnownPorts.dns) ||
        !allows(cluster, pod, MESH, wellKnownPorts.istioControlPlane),
    );
    expect(mute.map(nameOf)).toEqual([]);
  });

  test('the API server is called by those alone that need it, and calls the metrics adapter where it is', () => {
    const port = wellKnownPorts.https;
    const callers = pods.filter((pod) => allows(cluster, pod, API_SERVER, port)).map(nameOf);
    const outside = runs(stores.objectStore.name) ? [] : ['rag'];
    expect([...new Set(callers)].sort()).toEqual(
      [canary.name, ...observer, kubeStateMetrics.name, ...adapter, ...outside].sort(),
    );
    const called = pods.filter((pod) => allows(cluster, API_SERVER, pod, metricsAdapter.port)).map(nameOf);
    expect(called).toEqual(adapter);
  });

  test('what is public is called by orchestrator, Alertmanager and the collector of traces, by rag where the object store is, and by the agent where it may read a host', () => {
    const hosts = objects.map((one) => at(one, `data.${agentSettings.fetchAllowedHosts.env}`)).find(Boolean);
    expect(hosts).toBe(name === 'production-otherwise' ? 'docs.example.com' : undefined);
    const callers = pods.filter((pod) => allows(cluster, pod, PUBLIC, wellKnownPorts.https)).map(nameOf);
    const outside = runs(stores.objectStore.name) ? [] : ['rag'];
    expect(callers.sort()).toEqual(
      [
        orchestrator.name,
        ...(hosts ? [agent.name] : []),
        ...[alertmanager.name].filter(runs),
        otelCollector.name,
        ...outside,
      ].sort(),
    );
    expect(pods.filter((pod) => allows(cluster, pod, PUBLIC, wellKnownPorts.http)).map(nameOf)).toEqual([]);
  });

  test('the entrance reaches the gateway alone, KEDA Prometheus where it scales; strangers and the cloud’s metadata are out of reach', () => {
    const reached = (from: NetworkEnd) =>
      pods
        .filter((pod) =>
          pod.containers.some(({ ports: own }) => own.some(({ number }) => allows(cluster, from, pod, number))),
        )
        .map(nameOf);
    expect(reached(ENTRANCE)).toEqual([gateway.name]);
    expect(reached(STRANGER)).toEqual([]);
    expect(reached(KEDA)).toEqual(adapter.length > 0 ? [] : observer);
    expect(reached(PUBLIC)).toEqual([]);
    const toMetadata = pods.filter((pod) => allows(cluster, pod, CLOUD_METADATA, wellKnownPorts.http)).map(nameOf);
    expect(toMetadata).toEqual([]);
  });
});
