import { at, listAt, mapAt } from '../field.js';
import type { Rule } from '../finding.js';
import { placeText } from '../kube-object.js';
import { isEmptySelector, labelText, selectorText, selects } from '../label-selector.js';
import { objectRule, podRule } from './rule-forms.js';

/** Their selectors must take their own pods. Those of jobs are filled in by the API server. */
const OWNERS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

export const selectorRules: readonly Rule[] = [
  podRule({
    id: 'mismatching-selector',
    severity: 'error',
    why: 'The API server refuses a workload that does not select its own pods.',
    fix: 'repeat the matchLabels in spec.template.metadata.labels.',
    violation: ({ owner, labels }) => {
      const selector = at(owner.value, 'spec.selector');
      if (!OWNERS.includes(owner.kind) || (!isEmptySelector(selector) && selects(selector, labels))) return undefined;
      return `spec.selector (${selectorText(selector) || 'empty'}) does not take its own pods, labelled ${labelText(labels) || 'with nothing'}.`;
    },
  }),
  podRule({
    id: 'overlapping-selectors',
    severity: 'error',
    why: 'Two workloads that take each other’s pods count them as their own, and end them in turn.',
    fix: 'add a label to the selector and the pods that the other has not, such as the version.',
    violation: (pod, cluster) => {
      const { owner, namespace } = pod;
      const selector = at(owner.value, 'spec.selector');
      if (!OWNERS.includes(owner.kind) || isEmptySelector(selector)) return undefined;
      const others = cluster
        .podsSelected(namespace, selector)
        .filter((other) => other.owner !== owner && OWNERS.includes(other.owner.kind))
        .map((other) => other.owner.title);
      return (
        others.length > 0 && `spec.selector (${selectorText(selector)}) takes the pods of ${others.join(', ')} too.`
      );
    },
  }),
  podRule({
    id: 'duplicate-entry',
    severity: 'error',
    why: 'The API server refuses two of one name, and of two variables takes the later.',
    fix: 'leave one of them out.',
    violation: ({ spec, containers }) => [
      ...twice(
        'container',
        containers.map(({ name }) => name),
      ),
      ...twice(
        'volume',
        listAt(spec, 'volumes').map((volume) => at(volume, 'name')),
      ),
      ...twice(
        'port',
        // A container that starts before the others is gone by then. One may give a port two names of its own.
        containers
          .filter(({ isInit }) => !isInit)
          .flatMap(({ fields }) => [...new Set(listAt(fields, 'ports').map(socketOf))]),
      ),
      ...containers.flatMap(({ fields }) => [
        ...twice(
          'variable',
          listAt(fields, 'env').map((variable) => at(variable, 'name')),
        ),
        ...twice(
          'port',
          listAt(fields, 'ports').map((port) => at(port, 'name')),
        ),
        ...twice(
          'mount',
          listAt(fields, 'volumeMounts').map((mount) => at(mount, 'mountPath')),
        ),
      ]),
    ],
  }),
  objectRule({
    kinds: ['PodDisruptionBudget'],
    id: 'dangling-disruption-budget',
    severity: 'error',
    why: 'A PodDisruptionBudget that selects no pod protects none.',
    fix: 'make spec.selector equal to labels of the pods to protect.',
    violation: ({ namespace, value }, cluster) => {
      const selector = at(value, 'spec.selector');
      if (cluster.podsSelected(namespace, selector).length > 0) return undefined;
      return `no pod of ${placeText({ value }, namespace)} is taken by the selector ${selectorText(selector) || '(empty)'}.`;
    },
  }),
  objectRule({
    kinds: ['NetworkPolicy'],
    id: 'dangling-network-policy',
    severity: 'warning',
    why: 'A NetworkPolicy that selects no pod restricts none.',
    fix: 'make spec.podSelector equal to labels of the pods to restrict, or delete the policy.',
    violation: ({ namespace, value }, cluster) => {
      const selector = mapAt(value, 'spec.podSelector');
      if (isEmptySelector(selector)) return undefined;
      if (cluster.podsSelected(namespace, selector).length > 0) return undefined;
      return `no pod of ${placeText({ value }, namespace)} is taken by the podSelector ${selectorText(selector)}.`;
    },
  }),
];

/** Containers of a pod share its address. */
function socketOf(port: unknown): string {
  return `${String(at(port, 'containerPort'))}/${String(at(port, 'protocol') ?? 'TCP')}`;
}

function twice(what: string, names: readonly unknown[]): string[] {
  const repeated = names.filter((name, i) => name !== undefined && names.indexOf(name) !== i);
  return [...new Set(repeated)].map((name) => `it has the ${what} "${String(name)}" twice.`);
}
