import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ControlPlane } from '../control-plane.js';
import { freePorts, Program } from '../program.js';
import { tool } from '../tools.js';
import { envoyBootstrap, type Proxied } from './envoy-bootstrap.js';
import { ISTIOD_HOST, type Istiod } from './istiod.js';

/** Where Istio's agent finds the token of its pod's account, and where it hands certificates out, from the folder that it runs in. */
const TOKEN = 'var/run/secrets/tokens/istio-token';
const SOCKET = 'var/run/secrets/workload-spiffe-uds/socket';
/** Whom such a token is for. */
const AUDIENCE = 'istio-ca';

/**
 * What Istio puts beside a pod: its agent, which has istiod sign certificates for the identity of the pod's service account, and starts Envoy, which istiod tells
 * what to do.
 */
export class Sidecar {
  private constructor(
    private readonly agent: Program,
    private readonly adminPort: number,
  ) {}

  /** @param pod with the name of its service account, which the cluster has */
  static async start(server: ControlPlane, istiod: Istiod, pod: Proxied & { readonly account: string }) {
    const folder = join(server.folder, pod.name);
    const [admin = 0, status = 0] = await freePorts(2);
    const files = {
      [TOKEN]: await server.tokenOfAccount(pod.namespace, pod.account, [AUDIENCE]),
      'root.pem': await istiod.rootCertificate(),
      'envoy.json': JSON.stringify(envoyBootstrap(pod, { admin, xds: istiod.xdsPort, certificates: SOCKET })),
      // Envoy ends with its agent, however that ends.
      'envoy.sh': `#!/bin/sh\nexec setpriv --pdeathsig KILL "${tool('envoy')}" "$@"\n`,
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text, { mode: 0o700 });
    }
    const config = {
      discoveryAddress: `127.0.0.1:${istiod.caPort}`,
      statusPort: status,
      concurrency: 1,
      binaryPath: './envoy.sh',
      customConfigFile: 'envoy.json',
      configPath: folder,
    };
    const agent = new Program('pilot-agent', ['proxy', 'sidecar', '--proxyLogLevel=error'], folder, {
      PROXY_CONFIG: JSON.stringify(config),
      ISTIOD_SAN: ISTIOD_HOST,
      CA_ROOT_CA: 'root.pem',
      XDS_ROOT_CA: 'root.pem',
      POD_NAME: pod.name,
      POD_NAMESPACE: pod.namespace,
      INSTANCE_IP: pod.address,
      ISTIO_META_CLUSTER_ID: 'Kubernetes',
      GRPC_XDS_BOOTSTRAP: '',
    });
    const sidecar = new Sidecar(agent, admin);
    try {
      await sidecar.until(async () => (await fetch(`http://127.0.0.1:${admin}/ready`)).ok, 60_000);
      return sidecar;
    } catch (error) {
      await sidecar.stop();
      throw error;
    }
  }

  /** Waits until Envoy is so. */
  until(isSo: () => Promise<boolean>, limitMs = 30_000): Promise<void> {
    return this.agent.until(isSo, limitMs);
  }

  /** What Envoy tells of itself. */
  async ask(path: string): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.adminPort}${path}`)).text();
  }

  /** At once: there is nobody left whose connections it would have to wait for. */
  stop(): Promise<void> {
    return this.agent.kill();
  }
}
