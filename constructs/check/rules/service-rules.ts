import { wellKnownPorts } from '../../../contract/vocabulary/index.js';
import type { Cluster } from '../cluster.js';
import { at, type Fields, listAt, mapAt, numberAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import { type KubeObject, placeText } from '../kube-object.js';
import { labelText } from '../label-selector.js';
import { type PodTemplate, portText, servesPort } from '../pod-template.js';
import { serviceUrls } from '../service-url.js';
import { objectRule, podRule } from './rule-forms.js';

/** The labels that a Service selects its pods by; undefined where its endpoints come from elsewhere. */
function selectorOf({ value }: KubeObject): Fields | undefined {
  const selector = mapAt(value, 'spec.selector');
  return textAt(value, 'spec.type') !== 'ExternalName' && Object.keys(selector).length > 0 ? selector : undefined;
}

/** Kubernetes' own range; few clusters set another. */
const NODE_PORTS = { least: 30_000, most: 32_767 } as const;

/** Of 0 the API server makes one that is free; one number may be TCP's and UDP's. */
function nodePorts({ value }: KubeObject): readonly { readonly number: number; readonly protocol: string }[] {
  return listAt(value, 'spec.ports').flatMap((port) => {
    const number = numberAt(port, 'nodePort') ?? 0;
    return number === 0 ? [] : [{ number, protocol: textAt(port, 'protocol') ?? 'TCP' }];
  });
}

function declaredPorts(pods: readonly PodTemplate[]): string {
  const ports = pods.flatMap((pod) => pod.containers.flatMap((container) => container.ports.map(portText)));
  return [...new Set(ports)].join(', ') || 'none';
}

interface Backend {
  readonly namespace: string;
  readonly name: string;
  readonly port: unknown;
}

function webhookBackends({ value }: KubeObject): readonly Backend[] {
  return listAt(value, 'webhooks')
    .filter((webhook) => at(webhook, 'clientConfig.service') !== undefined)
    .map((webhook) => ({
      namespace: textAt(webhook, 'clientConfig.service.namespace') ?? '',
      name: textAt(webhook, 'clientConfig.service.name') ?? '',
      port: numberAt(webhook, 'clientConfig.service.port') ?? wellKnownPorts.https,
    }));
}

/** Services that an object sends requests to. */
const BACKENDS: Readonly<Record<string, (object: KubeObject) => readonly Backend[]>> = {
  Ingress: ({ namespace, value }) =>
    [
      at(value, 'spec.defaultBackend'),
      ...listAt(value, 'spec.rules').flatMap((rule) => listAt(rule, 'http.paths').map((path) => at(path, 'backend'))),
    ]
      .filter((backend) => at(backend, 'service') !== undefined)
      .map((backend) => ({
        namespace,
        name: textAt(backend, 'service.name') ?? '',
        port: at(backend, 'service.port.name') ?? at(backend, 'service.port.number'),
      })),
  HTTPRoute: ({ namespace, value }) =>
    listAt(value, 'spec.rules')
      .flatMap((rule) => listAt(rule, 'backendRefs'))
      .filter((backend) => (textAt(backend, 'kind') ?? 'Service') === 'Service')
      .map((backend) => ({
        namespace: textAt(backend, 'namespace') ?? namespace,
        name: textAt(backend, 'name') ?? '',
        port: at(backend, 'port'),
      })),
  ValidatingWebhookConfiguration: webhookBackends,
  MutatingWebhookConfiguration: webhookBackends,
  APIService: ({ value }) =>
    at(value, 'spec.service') === undefined
      ? []
      : [
          {
            namespace: textAt(value, 'spec.service.namespace') ?? '',
            name: textAt(value, 'spec.service.name') ?? '',
            port: numberAt(value, 'spec.service.port') ?? wellKnownPorts.https,
          },
        ],
};

/** Why nothing answers there; undefined if something does. */
function unreachable(cluster: Cluster, user: KubeObject, { namespace, name, port }: Backend): string | undefined {
  if (cluster.lacksService(namespace, name))
    return `the Service "${name}", which is not in ${placeText(user, namespace)}`;
  const service = cluster.find('Service', namespace, name);
  if (service === undefined) return undefined;
  const ports = listAt(service.value, 'spec.ports');
  if (textAt(service.value, 'spec.type') === 'ExternalName' || port === undefined) return undefined;
  if (ports.some((one) => at(one, 'port') === port || at(one, 'name') === port)) return undefined;
  return `port ${JSON.stringify(port)} of the Service "${name}", which has ${ports.map((one) => String(at(one, 'port'))).join(', ') || 'none'}`;
}

export const serviceRules: readonly Rule[] = [
  objectRule({
    kinds: ['Service'],
    id: 'dangling-service',
    severity: 'error',
    why: 'A Service that selects no pod refuses every connection.',
    fix: 'make spec.selector equal to labels of the pod template that shall serve.',
    violation: (service, cluster) => {
      const selector = selectorOf(service);
      if (selector === undefined || !cluster.covers(service.namespace)) return undefined;
      if (cluster.podsWith(service.namespace, selector).length > 0) return undefined;
      return `no pod of ${placeText(service, service.namespace)} has the labels ${labelText(selector)}.`;
    },
  }),
  objectRule({
    kinds: ['Service'],
    id: 'dangling-target-port',
    severity: 'error',
    why: 'Connections to a port that no container serves are refused; where only some pods serve it, some connections.',
    fix: 'name a port that the container declares in its `ports`, or narrow spec.selector to the pods that serve it.',
    violation: (service, cluster) => {
      const selector = selectorOf(service);
      const pods = selector === undefined ? [] : cluster.podsWith(service.namespace, selector);
      return listAt(service.value, 'spec.ports').flatMap((port) => {
        const target = at(port, 'targetPort') ?? at(port, 'port');
        const without = pods.filter((pod) => !servesPort(pod, target));
        if (without.length === 0) return [];
        const whose =
          without.length === pods.length ? 'no container that it selects' : 'only some pods that it selects';
        const owners = without.map(({ owner }) => owner.title).join(', ');
        return [
          `targetPort ${JSON.stringify(target)} is served by ${whose} (${owners} declares ${declaredPorts(without)}).`,
        ];
      });
    },
  }),
  objectRule({
    kinds: ['Service'],
    id: 'ambiguous-port',
    severity: 'error',
    why: 'The API server refuses a Service whose ports it cannot tell apart: by name, or by number and protocol.',
    fix: 'give each port a name and a number of its own.',
    violation: ({ value }) => {
      const ports = listAt(value, 'spec.ports');
      const names = ports.map((one) => textAt(one, 'name') ?? '(none)');
      const numbers = ports.map((one) => `${String(at(one, 'port'))}/${textAt(one, 'protocol') ?? 'TCP'}`);
      return [names, numbers].flatMap((all) =>
        [...new Set(all.filter((one, i) => all.indexOf(one) !== i))].map((one) => `two of its ports are ${one}.`),
      );
    },
  }),
  objectRule({
    kinds: ['Service'],
    id: 'node-port',
    severity: 'error',
    why: 'The API server takes ports of nodes from one range, each once, and only for a Service that is open at nodes.',
    fix: `leave nodePort out, and one is found; or take one from ${NODE_PORTS.least} to ${NODE_PORTS.most} that nobody has, with type NodePort or LoadBalancer.`,
    violation: (service, cluster) => {
      const type = textAt(service.value, 'spec.type') ?? 'ClusterIP';
      const others = cluster.ofKind('Service').filter((one) => one !== service);
      return nodePorts(service).flatMap(({ number, protocol }) => [
        ...(type === 'ClusterIP' ? [`nodePort is ${number}, and its type ClusterIP.`] : []),
        ...(number < NODE_PORTS.least || number > NODE_PORTS.most ? [`nodePort is ${number}.`] : []),
        ...others
          .filter((one) => nodePorts(one).some((port) => port.number === number && port.protocol === protocol))
          .map(({ title }) => `${title} has nodePort ${number} too.`),
      ]);
    },
  }),
  objectRule({
    kinds: Object.keys(BACKENDS),
    id: 'dangling-backend',
    severity: 'error',
    why: 'Requests to a Service, or a port of one, that is missing get 503.',
    fix: 'correct the name or port (the Service’s, not the container’s), or add the Service.',
    violation: (object, cluster) =>
      (BACKENDS[object.kind]?.(object) ?? []).flatMap((backend) => {
        const what = unreachable(cluster, object, backend);
        return what === undefined ? [] : [`it sends to ${what}.`];
      }),
  }),
  objectRule({
    kinds: ['StatefulSet'],
    id: 'dangling-governing-service',
    severity: 'error',
    why: 'Without its headless Service the pods of a StatefulSet have no names of their own.',
    fix: 'add a Service of that name with clusterIP: None, or correct serviceName.',
    violation: ({ namespace, value }, cluster) => {
      const name = textAt(value, 'spec.serviceName');
      const service = name === undefined ? undefined : cluster.find('Service', namespace, name);
      if (name === undefined || (service && textAt(service.value, 'spec.clusterIP') === 'None')) return undefined;
      const what = service ? 'has an address of its own' : `is not in ${placeText({ value }, namespace)}`;
      return `serviceName names the Service "${name}", which ${what}.`;
    },
  }),
  podRule({
    id: 'dangling-url',
    severity: 'error',
    why: 'A process whose setting names a Service, or a port of one, that is missing cannot reach it.',
    fix: 'correct host and port (the Service’s, not the container’s), or add the Service.',
    violation: (pod, cluster) =>
      serviceUrls(cluster, pod).flatMap(({ setting, url, namespace, name, port }) => {
        const what = unreachable(cluster, pod.owner, { namespace, name, port });
        return what === undefined ? [] : [`${setting} is "${url}": ${what}.`];
      }),
  }),
];
