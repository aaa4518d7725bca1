import type { Cluster } from '../cluster.js';
import { mapAt, textAt } from '../field.js';
import type { Problem, Rule } from '../finding.js';
import { type PodReference, podReferences } from '../pod-references.js';
import type { PodTemplate } from '../pod-template.js';
import { podRule } from './pod-rule.js';

/** Made by Kubernetes and by Istio in every namespace. */
const CONFIG_MAPS_EVERYWHERE = ['kube-root-ca.crt', 'istio-ca-root-cert'];

const missing =
  (kind: string, isThere: (cluster: Cluster, namespace: string, name: string) => boolean) =>
  (cluster: Cluster): Problem[] =>
    eachReference(cluster, kind, byName, ({ owner, namespace }, { name, field }) =>
      isThere(cluster, namespace, name)
        ? undefined
        : {
            object: owner,
            message: `${field} names the ${kind} "${name}", which is not in namespace "${namespace}".`,
            fix: `add the ${kind} to the manifests, or correct the name.`,
          },
    );

const byName = ({ name }: PodReference) => name;
const byKey = ({ name, key }: PodReference) => `${name} ${key}`;

/** What is said of each distinct thing that a pod needs; the same name in five variables is told once. */
function eachReference(
  { pods }: Cluster,
  kind: string,
  identity: (reference: PodReference) => string,
  problemOf: (pod: PodTemplate, reference: PodReference) => Problem | undefined,
): Problem[] {
  return pods.flatMap((pod) => {
    const references = podReferences(pod).filter((one) => one.kind === kind && !one.optional);
    const distinct = new Map(references.map((one) => [identity(one), one]));
    return [...distinct.values()].flatMap((reference) => problemOf(pod, reference) ?? []);
  });
}

export const referenceRules: readonly Rule[] = [
  {
    id: 'non-existent-config-map',
    severity: 'error',
    why: 'A pod whose ConfigMap is missing does not start.',
    find: missing(
      'ConfigMap',
      (cluster, namespace, name) =>
        CONFIG_MAPS_EVERYWHERE.includes(name) || cluster.find('ConfigMap', namespace, name) !== undefined,
    ),
  },
  {
    id: 'non-existent-config-key',
    severity: 'error',
    why: 'A pod that takes a key which its ConfigMap lacks does not start.',
    find: (cluster) =>
      eachReference(cluster, 'ConfigMap', byKey, ({ owner, namespace }, { name, key, field }) => {
        const configMap = cluster.find('ConfigMap', namespace, name)?.value;
        if (configMap === undefined || key === undefined) return undefined;
        const keys = [...Object.keys(mapAt(configMap, 'data')), ...Object.keys(mapAt(configMap, 'binaryData'))];
        if (keys.includes(key)) return undefined;
        return {
          object: owner,
          message: `${field} takes the key "${key}" of the ConfigMap "${name}", which has ${keys.join(', ') || 'none'}.`,
          fix: 'add the key to the ConfigMap, or correct its name.',
        };
      }),
  },
  {
    id: 'non-existent-secret',
    severity: 'error',
    why: 'A pod whose Secret is missing does not start. Looked up only in namespaces of which the manifests hold a Secret.',
    find: missing('Secret', (cluster, namespace, name) => {
      const holdsSecrets = cluster.ofKind('Secret').some((secret) => secret.namespace === namespace);
      return !holdsSecrets || secretsOf(cluster, namespace).includes(name);
    }),
  },
  {
    id: 'non-existent-service-account',
    severity: 'error',
    why: 'Pods of a ServiceAccount that is missing are never made.',
    find: missing(
      'ServiceAccount',
      (cluster, namespace, name) => name === 'default' || cluster.find('ServiceAccount', namespace, name) !== undefined,
    ),
  },
  {
    id: 'non-existent-volume-claim',
    severity: 'error',
    why: 'A pod whose PersistentVolumeClaim is missing is never scheduled.',
    find: missing(
      'PersistentVolumeClaim',
      (cluster, namespace, name) => cluster.find('PersistentVolumeClaim', namespace, name) !== undefined,
    ),
  },
  podRule(
    {
      id: 'non-existent-priority-class',
      severity: 'error',
      why: 'The API server refuses pods of a PriorityClass that is missing.',
    },
    ({ spec }, cluster) => {
      const name = textAt(spec, 'priorityClassName');
      if (name === undefined || name.startsWith('system-') || cluster.findClusterWide('PriorityClass', name)) {
        return undefined;
      }
      return {
        message: `priorityClassName "${name}" is not among the manifests.`,
        fix: 'add the PriorityClass, or name one that is there.',
      };
    },
  ),
];

/** Names of the Secrets that the manifests make, by themselves or through cert-manager, External Secrets or Sealed Secrets. */
function secretsOf(cluster: Cluster, namespace: string): readonly string[] {
  return cluster
    .ofKind('Secret', 'SealedSecret', 'ExternalSecret', 'Certificate')
    .filter((object) => object.namespace === namespace)
    .map(({ name, value }) => textAt(value, 'spec.target.name') ?? textAt(value, 'spec.secretName') ?? name);
}
