import { NETWORKING_API, type ServiceSpec } from '../../../contract/index.js';
import { at, type Manifest } from '../../support/cluster.js';
import type { ControlPlane } from '../control-plane.js';
import type { Istiod } from './istiod.js';
import { loopbackAddress } from './loopback-address.js';
import { Sidecar } from './sidecar.js';

/**
 * The proxy of a pod that answers. Nothing redirects connections here, so a `Sidecar` object of its own has it listen at the service's port, on an address of
 * loopback, for the process that stands elsewhere.
 */
export class PodProxy {
  private constructor(
    private readonly sidecar: Sidecar,
    /** `address:port` at which it takes what is meant for the pod. */
    readonly address: string,
  ) {}

  /** @param process `127.0.0.1:port` of the pod's own */
  static async start(
    server: ControlPlane,
    istiod: Istiod,
    deployment: Manifest,
    { port }: Pick<ServiceSpec, 'port'>,
    process: string,
  ): Promise<PodProxy> {
    const { name, namespace = '' } = deployment.metadata;
    const labels = at(deployment, 'spec.template.metadata.labels') as Record<string, string>;
    const account = String(at(deployment, 'spec.template.spec.serviceAccountName'));
    const address = loopbackAddress();
    const listener = { port: { number: port, name: 'http', protocol: 'HTTP' }, bind: address, captureMode: 'NONE' };
    await server.applyAll([
      {
        apiVersion: NETWORKING_API,
        kind: 'Sidecar',
        metadata: { name, namespace },
        spec: { workloadSelector: { labels }, ingress: [{ ...listener, defaultEndpoint: process }] },
      },
    ]);
    const sidecar = await Sidecar.start(server, istiod, { name, namespace, labels, account, address });
    return new PodProxy(sidecar, `${address}:${port}`);
  }

  /** How many connections it has taken by mutual TLS. */
  async handshakes(): Promise<number> {
    const counters = (await this.sidecar.ask('/stats?filter=^listener.*ssl.handshake')).matchAll(/: (\d+)$/gm);
    return [...counters].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  stop(): Promise<void> {
    return this.sidecar.stop();
  }
}
