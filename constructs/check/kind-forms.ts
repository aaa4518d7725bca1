import { below, count, type FieldForms, fewHours, MOST_REPLICAS, positiveCount } from './field-forms.js';
import { meshForms } from './mesh-forms.js';
import * as form from './value-form.js';

const REPLICAS: FieldForms = {
  'spec.replicas': count,
  'spec.minReadySeconds': fewHours,
  'spec.revisionHistoryLimit': count,
};

const CLAIM: FieldForms = {
  'spec.accessModes.*': form.oneOf('ReadWriteOnce', 'ReadWriteMany', 'ReadOnlyMany', 'ReadWriteOncePod'),
  'spec.resources.requests.storage': form.positiveQuantity,
  'spec.volumeMode': form.oneOf('Filesystem', 'Block'),
};

const JOB: FieldForms = {
  'spec.backoffLimit': count,
  'spec.completions': count,
  'spec.parallelism': count,
  'spec.completionMode': form.oneOf('NonIndexed', 'Indexed'),
};

const SELECTIONS = ['spec.metrics.*.object.target', 'spec.metrics.*.external.target'];

const WEBHOOKS: FieldForms = {
  'webhooks.*.timeoutSeconds': form.wholeNumber(1, 30, 'number of seconds'),
  'webhooks.*.failurePolicy': form.oneOf('Fail', 'Ignore'),
  'webhooks.*.sideEffects': form.oneOf('None', 'NoneOnDryRun'),
  'webhooks.*.clientConfig.service.path': form.slashPath,
  'webhooks.*.rules.*.operations.*': form.oneOf('CREATE', 'UPDATE', 'DELETE', 'CONNECT', '*'),
};

/** What the operator's Prometheus scrapes. */
const SCRAPES: FieldForms = { interval: form.promDuration, scrapeTimeout: form.promDuration, path: form.slashPath };

/** Of objects of a kind. */
export const kindForms: Readonly<Record<string, FieldForms>> = {
  ...meshForms,
  ConfigMap: { 'data.*': form.text },
  // Pulumi hands its policies other values in the place of a Secret's.
  Secret: { 'stringData.*': form.text },
  Deployment: {
    ...REPLICAS,
    'spec.strategy.type': form.oneOf('RollingUpdate', 'Recreate'),
    'spec.strategy.rollingUpdate.maxSurge': form.countOrPercent,
    'spec.strategy.rollingUpdate.maxUnavailable': form.countOrPercent,
  },
  StatefulSet: {
    ...REPLICAS,
    'spec.podManagementPolicy': form.oneOf('OrderedReady', 'Parallel'),
    'spec.updateStrategy.type': form.oneOf('RollingUpdate', 'OnDelete'),
    ...below('spec.volumeClaimTemplates', CLAIM),
  },
  DaemonSet: { 'spec.updateStrategy.type': form.oneOf('RollingUpdate', 'OnDelete') },
  Job: JOB,
  CronJob: {
    'spec.concurrencyPolicy': form.oneOf('Allow', 'Forbid', 'Replace'),
    // Kubernetes looks every ten seconds: what may start no later than that is missed.
    'spec.startingDeadlineSeconds': form.wholeNumber(10, MOST_REPLICAS, 'number of seconds'),
    'spec.timeZone': form.timeZone,
    ...Object.fromEntries(Object.entries(JOB).map(([path, one]) => [`spec.jobTemplate.${path}`, one])),
  },
  PersistentVolumeClaim: CLAIM,
  StorageClass: {
    'parameters.*': form.text,
    reclaimPolicy: form.oneOf('Delete', 'Retain'),
    volumeBindingMode: form.oneOf('Immediate', 'WaitForFirstConsumer'),
  },
  Service: {
    'spec.type': form.oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
    'spec.selector.*': form.text,
    'spec.ports.*.port': form.port,
    'spec.ports.*.name': form.servicePortName,
    'spec.ports.*.protocol': form.protocol,
    'spec.ports.*.targetPort': form.portReference,
    'spec.externalName': form.hostName,
    'spec.sessionAffinity': form.oneOf('None', 'ClientIP'),
    'spec.sessionAffinityConfig.clientIP.timeoutSeconds': form.wholeNumber(1, 86_400, 'number of seconds'),
    'spec.externalTrafficPolicy': form.oneOf('Cluster', 'Local'),
    'spec.internalTrafficPolicy': form.oneOf('Cluster', 'Local'),
    'spec.loadBalancerSourceRanges.*': form.addressRange,
  },
  Ingress: {
    'spec.rules.*.host': form.hostName,
    'spec.tls.*.hosts.*': form.hostName,
    'spec.rules.*.http.paths.*.path': form.slashPath,
    'spec.rules.*.http.paths.*.pathType': form.oneOf('Prefix', 'Exact', 'ImplementationSpecific'),
  },
  ResourceQuota: { 'spec.hard.*': form.quantity },
  LimitRange: {
    'spec.limits.*.type': form.oneOf('Container', 'Pod', 'PersistentVolumeClaim'),
    ...Object.fromEntries(
      ['min', 'max', 'default', 'defaultRequest'].map((bound) => [`spec.limits.*.${bound}.*`, form.quantity]),
    ),
  },
  PriorityClass: { value: form.wholeNumber(-MOST_REPLICAS, 1_000_000_000) },
  PodDisruptionBudget: {
    'spec.minAvailable': form.countOrPercent,
    'spec.maxUnavailable': form.countOrPercent,
    'spec.unhealthyPodEvictionPolicy': form.oneOf('IfHealthyBudget', 'AlwaysAllow'),
  },
  HorizontalPodAutoscaler: {
    'spec.minReplicas': positiveCount,
    'spec.maxReplicas': positiveCount,
    'spec.behavior.*.selectPolicy': form.oneOf('Max', 'Min', 'Disabled'),
    'spec.behavior.*.stabilizationWindowSeconds': count,
    'spec.behavior.*.policies.*.type': form.oneOf('Pods', 'Percent'),
    'spec.behavior.*.policies.*.value': positiveCount,
    'spec.behavior.*.policies.*.periodSeconds': positiveCount,
    'spec.metrics.*.type': form.oneOf('Resource', 'ContainerResource', 'Pods', 'Object', 'External'),
    // Nobody measures another.
    'spec.metrics.*.resource.name': form.oneOf('cpu', 'memory'),
    'spec.metrics.*.resource.target.type': form.oneOf('Utilization', 'AverageValue'),
    'spec.metrics.*.pods.target.type': form.oneOf('AverageValue'),
    ...Object.fromEntries(SELECTIONS.map((target) => [`${target}.type`, form.oneOf('Value', 'AverageValue')])),
    'spec.metrics.*.*.target.averageValue': form.positiveQuantity,
    'spec.metrics.*.*.target.value': form.positiveQuantity,
  },
  ScaledObject: {
    'spec.minReplicaCount': count,
    'spec.maxReplicaCount': positiveCount,
    'spec.pollingInterval': fewHours,
    'spec.cooldownPeriod': fewHours,
    'spec.triggers.*.metadata.*': form.text,
  },
  NetworkPolicy: {
    'spec.ingress.*.from.*.ipBlock.cidr': form.addressRange,
    'spec.egress.*.to.*.ipBlock.cidr': form.addressRange,
    'spec.ingress.*.from.*.ipBlock.except.*': form.addressRange,
    'spec.egress.*.to.*.ipBlock.except.*': form.addressRange,
    'spec.ingress.*.ports.*.protocol': form.protocol,
    'spec.egress.*.ports.*.protocol': form.protocol,
    'spec.ingress.*.ports.*.port': form.portReference,
    'spec.egress.*.ports.*.port': form.portReference,
    'spec.policyTypes.*': form.oneOf('Ingress', 'Egress'),
  },
  RoleBinding: { 'subjects.*.kind': form.oneOf('ServiceAccount', 'User', 'Group') },
  ClusterRoleBinding: {
    'subjects.*.kind': form.oneOf('ServiceAccount', 'User', 'Group'),
    'roleRef.kind': form.oneOf('ClusterRole'),
  },
  ValidatingWebhookConfiguration: WEBHOOKS,
  MutatingWebhookConfiguration: WEBHOOKS,
  CustomResourceDefinition: { 'spec.scope': form.oneOf('Namespaced', 'Cluster') },
  ServiceMonitor: below('spec.endpoints', SCRAPES),
  PodMonitor: below('spec.podMetricsEndpoints', SCRAPES),
  PrometheusRule: {
    'spec.groups.*.interval': form.promDuration,
    'spec.groups.*.rules.*.labels.*': form.text,
    'spec.groups.*.rules.*.annotations.*': form.text,
  },
};
