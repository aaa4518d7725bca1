import { isMapping, listAt, numberAt, textAt, textsAt } from '../constructs/check/field.js';
import type { KubeManifest } from './kube-manifest.js';

/** Where an environment is reached. */
export interface EnvironmentAddresses {
  /** From outside; empty where there is no entrance. */
  readonly urls: readonly string[];
  /** Inside the cluster: `host:port` by the Service's name and the port's, such as `gateway/http`. */
  readonly endpoints: Readonly<Record<string, string>>;
}

/** What the objects say of where they are reached: entrances by their hosts, Services by their names. */
export function environmentAddresses(manifests: readonly KubeManifest[]): EnvironmentAddresses {
  return {
    urls: [...new Set(manifests.flatMap(hostsOf))].map((host) => `https://${host}`),
    endpoints: Object.fromEntries(manifests.flatMap(endpointsOf)),
  };
}

function hostsOf(manifest: KubeManifest): readonly string[] {
  if (manifest.kind === 'Ingress') return listAt(manifest, 'spec.tls').flatMap((tls) => textsAt(tls, 'hosts'));
  if (manifest.kind !== 'Gateway') return [];
  // Istio's has servers, that of the Gateway API listeners.
  const servers = listAt(manifest, 'spec.servers').filter((server) => textAt(server, 'port.protocol') === 'HTTPS');
  const listeners = listAt(manifest, 'spec.listeners').filter((one) => textAt(one, 'protocol') === 'HTTPS');
  return [
    ...servers.flatMap((server) => textsAt(server, 'hosts')),
    ...listeners.flatMap((listener) => textAt(listener, 'hostname') ?? []),
  ]
    .map((host) => host.slice(host.indexOf('/') + 1))
    .filter((host) => !host.startsWith('*'));
}

function endpointsOf(manifest: KubeManifest): readonly (readonly [string, string])[] {
  const { kind, metadata } = manifest;
  // A headless Service is how the replicas of a store find each other.
  if (kind !== 'Service' || textAt(manifest, 'spec.clusterIP') === 'None') return [];
  return listAt(manifest, 'spec.ports')
    .filter(isMapping)
    .map((port) => [
      `${metadata.name}/${textAt(port, 'name') ?? numberAt(port, 'port')}`,
      `${metadata.name}.${metadata.namespace}.svc:${numberAt(port, 'port')}`,
    ]);
}
