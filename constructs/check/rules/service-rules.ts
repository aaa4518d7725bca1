import type { Cluster } from '../cluster.js';
import { at, listAt, mapAt, textAt } from '../field.js';
import type { Problem, Rule } from '../finding.js';
import { labelText } from '../label-selector.js';
import { type PodTemplate, portText } from '../pod-template.js';

/** Services with their pods; one without a selector has its endpoints from elsewhere. */
function selecting(cluster: Cluster) {
  return cluster.ofKind('Service').flatMap((service) => {
    const selector = mapAt(service.value, 'spec.selector');
    if (Object.keys(selector).length === 0 || textAt(service.value, 'spec.type') === 'ExternalName') return [];
    return [{ service, selector, pods: cluster.podsWith(service.namespace, selector) }];
  });
}

export const serviceRules: readonly Rule[] = [
  {
    id: 'dangling-service',
    severity: 'error',
    why: 'A Service that selects no pod refuses every connection.',
    find: (cluster) =>
      selecting(cluster)
        .filter(({ service, pods }) => pods.length === 0 && service.group === '')
        .map(({ service, selector }) => ({
          object: service,
          message: `no pod of namespace "${service.namespace}" has the labels ${labelText(selector)}.`,
          fix: 'make spec.selector equal to labels of the pod template that shall serve.',
        })),
  },
  {
    id: 'dangling-target-port',
    severity: 'error',
    why: 'Connections to a port that no container serves are refused.',
    find: (cluster) =>
      selecting(cluster).flatMap(({ service, pods }) =>
        listAt(service.value, 'spec.ports').flatMap((port): Problem[] => {
          const target = at(port, 'targetPort') ?? at(port, 'port');
          if (pods.length === 0 || pods.some((pod) => serves(pod, target))) return [];
          const served = pods.flatMap((pod) => pod.containers.flatMap(({ ports }) => ports.map(portText)));
          return [
            {
              object: service,
              message: `targetPort ${JSON.stringify(target)} is served by no container that it selects (they declare ${[...new Set(served)].join(', ') || 'none'}).`,
              fix: 'name a port that the container declares in its `ports`, or declare it there.',
            },
          ];
        }),
      ),
  },
];

/** A number may be served without being declared; where others are declared, it is taken for a slip. */
function serves({ containers }: PodTemplate, target: unknown): boolean {
  const ports = containers.flatMap((container) => container.ports);
  if (typeof target === 'number') return ports.length === 0 || ports.some(({ number }) => number === target);
  return ports.some(({ name }) => name === target);
}
