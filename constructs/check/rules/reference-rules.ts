import type { Cluster } from '../cluster.js';
import { at, listAt, mapAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import { type PodReference, podReferences } from '../pod-references.js';
import type { PodTemplate } from '../pod-template.js';
import { isSecretMissing } from '../secret-source.js';
import { containerRule, podRule } from './rule-forms.js';

/** Made by Kubernetes and by Istio in every namespace. */
const CONFIG_MAPS_EVERYWHERE = ['kube-root-ca.crt', 'istio-ca-root-cert'];

/** What is said of each distinct thing that a pod needs; the same name in five variables is told once. */
function eachReference(
  pod: PodTemplate,
  kind: PodReference['kind'],
  identity: (reference: PodReference) => string,
  violation: (reference: PodReference) => string | undefined,
): string[] {
  const references = podReferences(pod).filter((one) => one.kind === kind && !one.optional);
  const distinct = new Map(references.map((one) => [identity(one), one]));
  return [...distinct.values()].flatMap((reference) => violation(reference) ?? []);
}

function missingRule(
  id: string,
  kind: PodReference['kind'],
  why: string,
  isMissing: (cluster: Cluster, pod: PodTemplate, name: string) => boolean = (cluster, { namespace }, name) =>
    cluster.find(kind, namespace, name) === undefined,
): Rule {
  return podRule({
    id,
    severity: 'error',
    why,
    fix: `add the ${kind} to the manifests, or correct the name.`,
    violation: (pod, cluster) =>
      eachReference(
        pod,
        kind,
        ({ name }) => name,
        ({ name, field }) =>
          isMissing(cluster, pod, name)
            ? `${field} names the ${kind} "${name}", which is not in namespace "${pod.namespace}".`
            : undefined,
      ),
  });
}

function missingKeyRule(id: string, kind: 'ConfigMap' | 'Secret', places: readonly string[]): Rule {
  return podRule({
    id,
    severity: 'error',
    why: `A pod that takes a key which its ${kind} lacks does not start.`,
    fix: `add the key to the ${kind}, or correct its name.`,
    violation: (pod, cluster) =>
      eachReference(
        pod,
        kind,
        ({ name, key }) => `${name} ${key}`,
        ({ name, key, field }) => {
          const value = cluster.find(kind, pod.namespace, name)?.value;
          const keys = places.flatMap((place) => Object.keys(mapAt(value, place)));
          // A Secret without a word of its contents is filled in elsewhere.
          if (value === undefined || key === undefined || (kind === 'Secret' && keys.length === 0)) return undefined;
          if (keys.includes(key)) return undefined;
          return `${field} takes the key "${key}" of the ${kind} "${name}", which has ${keys.join(', ') || 'none'}.`;
        },
      ),
  });
}

export const referenceRules: readonly Rule[] = [
  missingRule(
    'non-existent-config-map',
    'ConfigMap',
    'A pod whose ConfigMap is missing does not start.',
    (cluster, { namespace }, name) =>
      !CONFIG_MAPS_EVERYWHERE.includes(name) && cluster.find('ConfigMap', namespace, name) === undefined,
  ),
  missingKeyRule('non-existent-config-key', 'ConfigMap', ['data', 'binaryData']),
  missingRule(
    'non-existent-secret',
    'Secret',
    'A pod whose Secret is missing does not start. Looked up only in namespaces of which the manifests hold a Secret.',
    (cluster, { owner, namespace }, name) => isSecretMissing(cluster, owner, namespace, name, ['Secret']),
  ),
  missingKeyRule('non-existent-secret-key', 'Secret', ['data', 'stringData']),
  missingRule(
    'non-existent-service-account',
    'ServiceAccount',
    'Pods of a ServiceAccount that is missing are never made.',
    (cluster, { namespace }, name) =>
      name !== 'default' && cluster.find('ServiceAccount', namespace, name) === undefined,
  ),
  missingRule(
    'non-existent-volume-claim',
    'PersistentVolumeClaim',
    'A pod whose PersistentVolumeClaim is missing is never scheduled.',
  ),
  containerRule({
    id: 'dangling-volume-mount',
    severity: 'error',
    why: 'The API server refuses a container that mounts what is no volume of its pod.',
    fix: 'add the volume to the pod, or correct the name.',
    violation: ({ fields }, { spec, owner }) => {
      const volumes = [...listAt(spec, 'volumes'), ...listAt(owner.value, 'spec.volumeClaimTemplates')];
      const names = volumes.map((volume) => textAt(volume, 'name') ?? textAt(volume, 'metadata.name'));
      return listAt(fields, 'volumeMounts')
        .filter((mount) => !names.includes(textAt(mount, 'name')))
        .map(
          (mount) =>
            `${String(at(mount, 'mountPath'))} mounts "${textAt(mount, 'name')}", and the pod's volumes are ${names.join(', ') || 'none'}.`,
        );
    },
  }),
  podRule({
    id: 'non-existent-priority-class',
    severity: 'error',
    why: 'The API server refuses pods of a PriorityClass that is missing.',
    fix: 'add the PriorityClass, or name one that is there.',
    violation: ({ spec }, cluster) => {
      const name = textAt(spec, 'priorityClassName');
      const isThere =
        name === undefined || name.startsWith('system-') || cluster.findClusterWide('PriorityClass', name);
      return !isThere && `priorityClassName "${name}" is not among the manifests.`;
    },
  }),
];
