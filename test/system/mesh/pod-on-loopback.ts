import { NETWORKING_API } from '../../../contract/index.js';
import { at, type Manifest } from '../../support/cluster.js';

/**
 * The pods of a Deployment as the mesh knows them: one, at a port of loopback, with the labels by which Services and subsets choose it. As a
 * `WorkloadEntry`, since the API server takes no endpoint on loopback.
 * @param address `address:port` of the proxy that takes what is meant for them
 */
export function podOnLoopback(deployment: Manifest, service: Manifest, address: string): Manifest {
  const { name, namespace } = deployment.metadata;
  const [ip, port] = address.split(':');
  const [{ name: portName }] = at(service, 'spec.ports') as [{ name: string }];
  const stated = at(deployment, 'spec.template.metadata.labels') as object;
  // What the injection of a proxy adds: it is called by mutual TLS.
  const labels = { ...stated, 'security.istio.io/tlsMode': 'istio' };
  return {
    apiVersion: NETWORKING_API,
    kind: 'WorkloadEntry',
    metadata: { name, ...(namespace && { namespace }) },
    spec: { address: ip, ports: { [portName]: Number(port) }, labels },
  };
}
