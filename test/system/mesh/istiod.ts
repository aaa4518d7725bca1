import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { yamlOf } from '../../../constructs/index.js';
import type { ControlPlane } from '../control-plane.js';
import { freePorts, Program } from '../program.js';

const NAMESPACE = 'istio-system';
/** What istiod's own certificate is for. */
export const ISTIOD_HOST = `istiod.${NAMESPACE}.svc`;

/**
 * The mesh's configuration: Istio's own, without providers. They want filters that only Istio's own build of Envoy has, as do those that the
 * environment below turns off.
 */
const meshConfig = { rootNamespace: NAMESPACE, defaultProviders: {} };
const settings = {
  POD_NAMESPACE: NAMESPACE,
  POD_NAME: 'istiod-0',
  SERVICE_ACCOUNT: 'istiod',
  CLUSTER_ID: 'Kubernetes',
  REVISION: 'default',
  ENABLE_LEADER_ELECTION: 'false',
  INJECT_ENABLED: 'false',
  PILOT_ENABLE_ALPN_FILTER: 'false',
  PILOT_ENABLE_METADATA_EXCHANGE: 'false',
  PILOT_DISABLE_MX_ALPN: 'true',
};

/** Istio's control plane, which makes of a cluster's objects what proxies are told. */
export class Istiod {
  private constructor(
    private readonly program: Program,
    private readonly server: ControlPlane,
    /** Where proxies ask, by gRPC. */
    readonly xdsPort: number,
    /** Where their agents have certificates signed, by gRPC over TLS. */
    readonly caPort: number,
  ) {}

  static async start(server: ControlPlane): Promise<Istiod> {
    await server.applyAll([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }]);
    const file = join(server.folder, 'mesh.yaml');
    writeFileSync(file, yamlOf(meshConfig));
    const [http = 0, xds = 0, ca = 0, introspection = 0] = await freePorts(4);
    const addresses = { httpAddr: http, grpcAddr: xds, secureGRPCAddr: ca };
    const program = new Program(
      'pilot-discovery',
      [
        'discovery',
        `--kubeconfig=${server.kubeconfig('istiod', server.tokenOf('admin'))}`,
        `--meshConfig=${file}`,
        ...Object.entries(addresses).map(([flag, port]) => `--${flag}=127.0.0.1:${port}`),
        // Not apart: for webhooks, and for its own metrics.
        ...['httpsAddr', 'monitoringAddr'].map((flag) => `--${flag}=`),
        `--ctrlz_port=${introspection}`,
        '--shutdownDuration=0s',
      ],
      server.folder,
      settings,
    );
    try {
      await program.until(async () => (await fetch(`http://127.0.0.1:${http}/ready`)).ok);
      return new Istiod(program, server, xds, ca);
    } catch (error) {
      await program.stop();
      throw error;
    }
  }

  /** The certificate of its own authority, which it makes at its first start and keeps in the cluster. */
  async rootCertificate(): Promise<string> {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'istio-ca-secret', namespace: NAMESPACE } };
    const { status, body } = await this.server.get(secret);
    if (status !== 200) throw new Error(`istiod keeps no certificate of its authority: ${body.message}`);
    const { 'ca-cert.pem': pem = '' } = body.data as Record<string, string>;
    return Buffer.from(pem, 'base64').toString();
  }

  stop(): Promise<void> {
    return this.program.stop();
  }
}
