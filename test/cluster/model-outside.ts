import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { modelProviders, orchestrator } from '../../contract/index.js';
import { FakeProvider } from '../support/fake-provider.js';
import { nodeAddress } from './deployed-platform.js';
import { MODEL } from './highly-available-environment.js';
import { apply } from './kubectl.js';

/** A model of the test's own, which says a word a second, and the Service by which the pods of a namespace find it. */
export async function serveModel(namespace: string, words: number): Promise<FakeProvider> {
  const host = await addressTowards(await nodeAddress());
  const provider = await FakeProvider.start({ behave: () => 'ok', costOf: () => 0, words, wordMs: 1000, host });
  const port = Number(new URL(provider.url).port);
  const metadata = { name: MODEL, namespace };
  await apply([
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: modelProviders.port, targetPort: port }] } },
    {
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': MODEL } },
      ...{ endpoints: [{ addresses: [host] }], ports: [{ port }] },
    },
    {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata },
      spec: {
        podSelector: { matchLabels: { 'app.kubernetes.io/name': orchestrator.name } },
        policyTypes: ['Egress'],
        egress: [{ to: [{ ipBlock: { cidr: `${host}/32` } }], ports: [{ port }] }],
      },
    },
  ]);
  return provider;
}

/** This machine's own address on the way to another. Nothing is sent. */
async function addressTowards(other: string): Promise<string> {
  const socket = createSocket('udp4');
  socket.connect(modelProviders.port, other);
  await once(socket, 'connect');
  const { address } = socket.address();
  socket.close();
  return address;
}
