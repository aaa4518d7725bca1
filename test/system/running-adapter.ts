import { readFileSync } from 'node:fs';
import { metricsAdapter, wellKnownPorts } from '../../contract/index.js';
import { at, find } from '../support/cluster.js';
import { selfSigned } from './certificate.js';
import type { Cluster } from './cluster.js';
import type { RenderedEnvironment } from './environments.js';
import { kitsArguments } from './kits-arguments.js';
import { freePorts, type Program } from './program.js';
import { configurationOf, written } from './written-configuration.js';

/** A real prometheus-adapter outside the cluster, with the kit's configuration and arguments, but for addresses and files, and the rights of its own service account. */
export async function startAdapter(
  cluster: Cluster,
  environment: RenderedEnvironment,
  prometheusUrl: string,
): Promise<Program> {
  const { server, network } = cluster;
  const { objects, namespace } = environment;
  const { name } = metricsAdapter;
  const [port = 0] = await freePorts(1);
  const { certFile, keyFile } = selfSigned(server.folder, name, [`${name}.${namespace}.svc`]);
  const kubeconfig = server.kubeconfig(name, await server.tokenOfAccount(namespace, name));
  const own = {
    'secure-port': String(port),
    'tls-cert-file': certFile,
    'tls-private-key-file': keyFile,
    'prometheus-url': prometheusUrl,
    config: written(server, 'adapter.yaml', configurationOf(environment, name)['config.yaml'] ?? ''),
    ...Object.fromEntries(['lister', 'authentication', 'authorization'].map((of) => [`${of}-kubeconfig`, kubeconfig])),
    'bind-address': '127.0.0.1',
  };
  const program = server.run(name, kitsArguments(objects, 'Deployment', name, own));

  const service = (await server.get(find(objects, 'Service', name))).body;
  network.route(`${at(service, 'spec.clusterIP')}:${wellKnownPorts.https}`, port);
  for (const { status } of await cluster.pods(namespace, `app.kubernetes.io/name=${name}`)) {
    network.route(`${status.podIP}:${metricsAdapter.port}`, port);
  }
  // What cert-manager does once it has made the certificate.
  for (const api of objects.filter(({ kind }) => kind === 'APIService')) {
    await server.patch(api, { spec: { caBundle: readFileSync(certFile, 'base64') } });
  }
  await program.until(async () => {
    const conditions = await Promise.all(
      objects
        .filter(({ kind }) => kind === 'APIService')
        .map(async (api) => at((await server.get(api)).body, 'status.conditions.0.status')),
    );
    return conditions.every((status) => status === 'True');
  });
  return program;
}
