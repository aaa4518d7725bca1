import { at, mapAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import { objectRule } from './rule-forms.js';

/** APIs that no supported version of Kubernetes serves (kubernetes.io, "Deprecated API Migration Guide"). */
const REMOVED: Readonly<Record<string, string>> = {
  'admissionregistration.k8s.io/v1beta1': 'admissionregistration.k8s.io/v1',
  'apiextensions.k8s.io/v1beta1': 'apiextensions.k8s.io/v1',
  'apiregistration.k8s.io/v1beta1': 'apiregistration.k8s.io/v1',
  'apps/v1beta1': 'apps/v1',
  'apps/v1beta2': 'apps/v1',
  'autoscaling/v2beta1': 'autoscaling/v2',
  'autoscaling/v2beta2': 'autoscaling/v2',
  'batch/v1beta1': 'batch/v1',
  'extensions/v1beta1': 'apps/v1 or networking.k8s.io/v1',
  'networking.k8s.io/v1beta1': 'networking.k8s.io/v1',
  'policy/v1beta1': 'policy/v1',
  'rbac.authorization.k8s.io/v1beta1': 'rbac.authorization.k8s.io/v1',
  'scheduling.k8s.io/v1beta1': 'scheduling.k8s.io/v1',
  'storage.k8s.io/v1beta1': 'storage.k8s.io/v1',
};

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** A Service's begins with a letter. */
const SERVICE_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;

/** Kinds whose names may hold what a DNS name may not. */
const FREE_NAMES = /^(Cluster)?Role(Binding)?$/;
/** Kinds that others are made of at one name with a suffix, or that are reached by it. */
const LABEL_NAMES = ['Namespace', 'StatefulSet'];

function nameForm({ kind }: KubeObject): RegExp {
  if (kind === 'Service') return SERVICE_NAME;
  return LABEL_NAMES.includes(kind) ? DNS_LABEL : DNS_SUBDOMAIN;
}

/** Kinds whose objects stand in a namespace. */
const NAMESPACED = [
  ...['ConfigMap', 'CronJob', 'DaemonSet', 'Deployment', 'HorizontalPodAutoscaler', 'Ingress', 'Job', 'LimitRange'],
  ...['NetworkPolicy', 'PersistentVolumeClaim', 'Pod', 'PodDisruptionBudget', 'ResourceQuota', 'Role', 'RoleBinding'],
  ...['ScaledObject', 'Secret', 'Service', 'ServiceAccount', 'StatefulSet', 'VirtualService', 'DestinationRule'],
];

/** What every object is held to, whatever it is. */
export const objectRules: readonly Rule[] = [
  {
    id: 'duplicate-object',
    severity: 'error',
    why: 'Of two manifests of one object the one that is applied later wins.',
    fix: 'rename one of them, or leave it out.',
    find: ({ objects }) => {
      const first = new Map<string, KubeObject>();
      return objects.flatMap((object) => {
        const identity = JSON.stringify([object.group, object.title]);
        const other = first.get(identity);
        if (other === undefined) first.set(identity, object);
        if (other === undefined || object.name === '' || object.kind === '') return [];
        return [{ object, message: `${object.title} is there twice.` }];
      });
    },
  },
  {
    id: 'invalid-name',
    severity: 'error',
    why: 'The API server refuses a name or label that is not of its kind’s form.',
    fix: 'use lower case letters, digits and dashes, at most 63; a label value also takes capitals, dots and underscores.',
    find: ({ objects }) =>
      objects.flatMap((object) => {
        const isNamed = object.name !== '' && textAt(object.value, 'metadata.name') !== undefined;
        const isWrong = isNamed && !FREE_NAMES.test(object.kind) && !nameForm(object).test(object.name);
        const labels = { ...object.labels, ...mapAt(object.value, 'spec.template.metadata.labels') };
        const wrongLabels = Object.entries(labels).filter(
          ([, value]) => typeof value !== 'string' || !LABEL_VALUE.test(value),
        );
        return [
          ...(isWrong ? [{ object, message: `metadata.name is "${object.name}".` }] : []),
          ...wrongLabels.map(([name, value]) => ({ object, message: `label ${name} is ${JSON.stringify(value)}.` })),
        ];
      }),
  },
  objectRule({
    kinds: NAMESPACED,
    id: 'no-namespace',
    severity: 'warning',
    why: 'Where it goes then depends on whoever applies it.',
    fix: 'state metadata.namespace.',
    violation: ({ value }) => at(value, 'metadata.namespace') === undefined && 'metadata.namespace is not set.',
  }),
  {
    id: 'removed-api',
    severity: 'error',
    why: 'The API server does not know the object.',
    fix: 'write it for the version that took its place.',
    find: ({ objects }) =>
      objects.flatMap((object) => {
        const version = textAt(object.value, 'apiVersion') ?? '';
        const successor = Object.hasOwn(REMOVED, version) ? REMOVED[version] : undefined;
        return successor === undefined
          ? []
          : [{ object, message: `apiVersion ${version} is served no more; ${successor} is.` }];
      }),
  },
];
