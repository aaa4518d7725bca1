import type { Cluster } from '../cluster.js';
import { at, listAt, mapAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import { placeText } from '../kube-object.js';
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

/** Where a thing of that name is instead: a pod takes what its own namespace has, and no other's. */
function elsewhere(cluster: Cluster, kind: string, name: string): string {
  const other = cluster.ofKind(kind).find((one) => one.name === name);
  return other === undefined ? '' : ` (${other.title} is another)`;
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
          cluster.covers(pod.namespace) && isMissing(cluster, pod, name)
            ? `${field} names the ${kind} "${name}", which is not in ${placeText(pod.owner, pod.namespace)}${elsewhere(cluster, kind, name)}.`
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

/** Files of a volume that is a ConfigMap or Secret of the set; undefined of any other. */
function filesOf(cluster: Cluster, { spec, namespace }: PodTemplate, name: string): readonly string[] | undefined {
  const volume = listAt(spec, 'volumes').find((one) => textAt(one, 'name') === name);
  const [kind, source] =
    at(volume, 'configMap') === undefined ? ['Secret', at(volume, 'secret')] : ['ConfigMap', at(volume, 'configMap')];
  const items = listAt(source, 'items').flatMap((item) => textAt(item, 'path') ?? []);
  const value = cluster.find(kind, namespace, textAt(source, kind === 'Secret' ? 'secretName' : 'name') ?? '')?.value;
  if (items.length > 0) return items;
  const keys = ['data', 'stringData', 'binaryData'].flatMap((field) => Object.keys(mapAt(value, field)));
  return value === undefined || keys.length === 0 ? undefined : keys;
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
  containerRule({
    id: 'dangling-sub-path',
    severity: 'error',
    why: 'Of a key that the volume does not have, subPath makes an empty folder, where the process looks for its file.',
    fix: 'write the key as the ConfigMap or Secret has it (or the path that items gives it).',
    violation: ({ fields }, pod, cluster) =>
      listAt(fields, 'volumeMounts').flatMap((mount) => {
        const files = filesOf(cluster, pod, textAt(mount, 'name') ?? '');
        const wanted = textAt(mount, 'subPath');
        if (wanted === undefined || files === undefined) return [];
        // A path that items give may have folders.
        if (files.some((file) => file === wanted || file.startsWith(`${wanted}/`))) return [];
        return [
          `${String(at(mount, 'mountPath'))} has the subPath "${wanted}", and its volume ${files.join(', ') || 'nothing'}.`,
        ];
      }),
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
