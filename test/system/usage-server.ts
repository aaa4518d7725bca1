import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from './certificate.js';
import type { Cluster } from './cluster.js';

const GROUP_VERSION = 'metrics.k8s.io/v1beta1';
const HOST = 'metrics-server.test';
const SERVICE = { name: 'metrics-server', namespace: 'kube-system', port: 443 };

/** Plays metrics-server, which asks kubelets that fake nodes have not: every container always needs little, so that CPU and memory never ask for more. */
export async function startUsageServer(cluster: Cluster): Promise<Server> {
  const { server, network } = cluster;
  const hosts = [`${SERVICE.name}.${SERVICE.namespace}.svc`];
  const { certFile, keyFile, pem } = selfSigned(server.folder, SERVICE.name, hosts);
  const usage = createServer({ cert: pem, key: readFileSync(keyFile) }, async ({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, `https://${HOST}`);
    const namespace = /namespaces\/([^/]+)\/pods$/.exec(pathname)?.[1];
    try {
      const body =
        namespace === undefined
          ? DISCOVERY
          : await usageOf(cluster, namespace, searchParams.get('labelSelector') ?? '');
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    } catch (error) {
      // The API server is asked for pods in the moment in which the test stops it.
      response.writeHead(503).end(String(error));
    }
  });
  usage.listen(0, '127.0.0.1');
  await once(usage, 'listening');
  network.route(`${HOST}:${SERVICE.port}`, (usage.address() as AddressInfo).port);
  await server.applyAll([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: SERVICE_META,
      spec: { type: 'ExternalName', externalName: HOST, ports: [{ port: SERVICE.port }] },
    },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: {
        ...{ group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100 },
        service: SERVICE,
        caBundle: readFileSync(certFile, 'base64'),
      },
    },
  ]);
  return usage;
}

const { port: _, ...SERVICE_META } = SERVICE;

const DISCOVERY = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: GROUP_VERSION,
  resources: [{ name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] }],
};

async function usageOf(cluster: Cluster, namespace: string, selector: string): Promise<object> {
  const pods = await cluster.pods(namespace, selector);
  const items = pods.map(({ metadata, spec }) => ({
    metadata: { name: metadata.name, namespace },
    timestamp: new Date().toISOString(),
    window: '1s',
    containers: spec.containers.map(({ name }) => ({ name, usage: { cpu: '1m', memory: '1Mi' } })),
  }));
  return { kind: 'PodMetricsList', apiVersion: GROUP_VERSION, metadata: {}, items };
}
