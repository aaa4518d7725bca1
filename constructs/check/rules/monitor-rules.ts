import type { Cluster } from '../cluster.js';
import { at, listAt, textAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import { selectorText, selects } from '../label-selector.js';
import { objectRule, type Violation } from './rule-forms.js';

/** Something that a monitor may take, by its labels, and the names of its ports. */
interface Monitored {
  readonly labels: Readonly<Record<string, unknown>>;
  readonly ports: readonly string[];
}

/** All of the namespaces that a monitor looks into; undefined where the set does not say what is in them. */
function namespacesOf({ namespace, value }: KubeObject, cluster: Cluster): readonly string[] | undefined {
  if (at(value, 'spec.namespaceSelector.any') === true) return undefined;
  const named = textsAt(value, 'spec.namespaceSelector.matchNames');
  const namespaces = named.length > 0 ? named : [namespace];
  return namespaces.every((one) => cluster.covers(one)) ? namespaces : undefined;
}

function problemOf(monitor: KubeObject, endpoints: string, what: string, all: readonly Monitored[]): Violation {
  const selector = at(monitor.value, 'spec.selector');
  const taken = all.filter(({ labels }) => selects(selector, labels));
  if (taken.length === 0) return `no ${what} has the labels ${selectorText(selector)}.`;
  const ports = new Set(taken.flatMap((one) => one.ports));
  return listAt(monitor.value, endpoints)
    .flatMap((endpoint) => textAt(endpoint, 'port') ?? [])
    .filter((port) => !ports.has(port))
    .map(
      (port) => `it asks the port "${port}", and those of its ${what} are ${[...ports].join(', ') || 'without names'}.`,
    );
}

/** What the operator's Prometheus scrapes. */
export const monitorRules: readonly Rule[] = [
  objectRule({
    kinds: ['ServiceMonitor', 'PodMonitor'],
    id: 'dangling-monitor',
    severity: 'error',
    why: 'A monitor that takes nothing, or asks a port that there is not, scrapes nothing, and says so nowhere.',
    fix: 'make spec.selector equal to the labels of the Service itself (of a PodMonitor: of the pods), and port to the name of one of its ports.',
    violation: (monitor, cluster) => {
      const namespaces = namespacesOf(monitor, cluster);
      if (namespaces === undefined) return undefined;
      if (monitor.kind === 'PodMonitor') {
        const pods = cluster.pods
          .filter(({ namespace }) => namespaces.includes(namespace))
          .map(({ labels, containers }) => ({
            labels,
            ports: containers.flatMap(({ ports }) => ports.flatMap(({ name }) => name ?? [])),
          }));
        return problemOf(monitor, 'spec.podMetricsEndpoints', 'pods', pods);
      }
      const services = cluster
        .ofKind('Service')
        .filter(({ namespace }) => namespaces.includes(namespace))
        .map(({ labels, value }) => ({
          labels,
          ports: listAt(value, 'spec.ports').flatMap((port) => textAt(port, 'name') ?? []),
        }));
      return problemOf(monitor, 'spec.endpoints', 'Service', services);
    },
  }),
];
