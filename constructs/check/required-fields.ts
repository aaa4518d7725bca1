const POD_TEMPLATE = ['spec.template', 'spec.template.spec', 'spec.template.spec.containers'];

/**
 * Fields without which the API server refuses an object, or whoever reads it can do nothing. Paths as in {@link placesAt}; of
 * several behind the last dot, with `|` between them, one is enough.
 */
export const requiredFields: Readonly<Record<string, readonly string[]>> = {
  Deployment: POD_TEMPLATE,
  DaemonSet: POD_TEMPLATE,
  Job: POD_TEMPLATE,
  PersistentVolumeClaim: ['spec.accessModes', 'spec.resources.requests.storage'],
  StatefulSet: [
    ...POD_TEMPLATE,
    'spec.volumeClaimTemplates.*.spec.accessModes',
    'spec.volumeClaimTemplates.*.spec.resources.requests.storage',
  ],
  HorizontalPodAutoscaler: ['spec.maxReplicas', 'spec.scaleTargetRef.name'],
  ScaledObject: ['spec.scaleTargetRef.name', 'spec.triggers', 'spec.triggers.*.type'],
  PodDisruptionBudget: ['spec.minAvailable|maxUnavailable'],
  Ingress: [
    'spec.rules|defaultBackend',
    'spec.rules.*.http.paths.*.pathType',
    'spec.rules.*.http.paths.*.backend.service|resource',
  ],
  HTTPRoute: ['spec.parentRefs'],
  DestinationRule: ['spec.host'],
  RoleBinding: ['roleRef', 'subjects'],
  ClusterRoleBinding: ['roleRef', 'subjects', 'subjects.*.name'],
  ValidatingWebhookConfiguration: ['webhooks.*.sideEffects', 'webhooks.*.admissionReviewVersions'],
  MutatingWebhookConfiguration: ['webhooks.*.sideEffects', 'webhooks.*.admissionReviewVersions'],
  CustomResourceDefinition: ['spec.versions', 'spec.versions.*.schema'],
  PrometheusRule: ['spec.groups.*.name', 'spec.groups.*.rules.*.expr', 'spec.groups.*.rules.*.alert|record'],
};

/** Of a pod, from its `spec`. */
export const requiredPodFields = [
  'containers.*.name',
  'containers.*.image',
  'initContainers.*.name',
  'initContainers.*.image',
  'containers.*.volumeMounts.*.mountPath',
] as const;
