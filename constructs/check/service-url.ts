import { wellKnownPorts } from '../../contract/vocabulary/index.js';
import type { Cluster } from './cluster.js';
import { listAt, mapAt, textAt } from './field.js';
import type { PodTemplate } from './pod-template.js';

/** A setting of a pod that names a Service of the cluster. */
export interface ServiceUrl {
  /** The variable that holds it. */
  readonly setting: string;
  /** Without user and password. */
  readonly url: string;
  readonly namespace: string;
  readonly name: string;
  /** Undefined where the URL's scheme has a default that is not known here. */
  readonly port: number | undefined;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'http:': wellKnownPorts.http,
  'https:': wellKnownPorts.https,
};

/** The Services that a pod is told to call, by URLs in its variables and in the ConfigMaps that it takes them from. */
export function serviceUrls(cluster: Cluster, pod: PodTemplate): readonly ServiceUrl[] {
  const variables = pod.containers.flatMap(({ fields }) => [
    ...listAt(fields, 'envFrom').flatMap((source) => {
      const configMap = cluster.find('ConfigMap', pod.namespace, textAt(source, 'configMapRef.name') ?? '');
      return Object.entries(mapAt(configMap?.value, 'data'));
    }),
    ...listAt(fields, 'env').map((one): [string, unknown] => [textAt(one, 'name') ?? '', textAt(one, 'value')]),
  ]);
  return variables.flatMap(([setting, value]) => serviceUrl(setting, value, pod.namespace) ?? []);
}

function serviceUrl(setting: string, value: unknown, ownNamespace: string): ServiceUrl | undefined {
  if (typeof value !== 'string' || !/^[a-z][a-z0-9+]*:\/\/\S+$/.test(value) || !URL.canParse(value)) return undefined;
  const { protocol, hostname, host, port } = new URL(value);
  const [name = '', namespace = ownNamespace, svc = 'svc'] = hostname.split('.');
  // A name without a dot is a Service of the same namespace; with one it is a Service only where it says so.
  const isService = hostname.includes('.') ? hostname.includes('.svc') && svc === 'svc' : /^[a-z]/.test(name);
  if (!isService || name === 'localhost') return undefined;
  const known = port === '' ? DEFAULT_PORTS[protocol] : Number(port);
  return { setting, url: `${protocol}//${host}`, namespace, name, port: known };
}
