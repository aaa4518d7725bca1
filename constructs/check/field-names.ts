const PROBE = [
  ...['httpGet', 'tcpSocket', 'grpc', 'exec', 'initialDelaySeconds', 'periodSeconds', 'timeoutSeconds'],
  ...['failureThreshold', 'successThreshold', 'terminationGracePeriodSeconds'],
];
const WORKLOAD = ['replicas', 'selector', 'template', 'minReadySeconds', 'revisionHistoryLimit'];

/** Names of fields below a container, from itself. Paths as in {@link placesAt}. */
export const containerFieldNames: Readonly<Record<string, readonly string[]>> = {
  '': [
    ...['name', 'image', 'imagePullPolicy', 'command', 'args', 'workingDir', 'ports', 'env', 'envFrom', 'resources'],
    ...['resizePolicy', 'restartPolicy', 'volumeMounts', 'volumeDevices', 'livenessProbe', 'readinessProbe'],
    ...['startupProbe', 'lifecycle', 'terminationMessagePath', 'terminationMessagePolicy', 'securityContext'],
    ...['stdin', 'stdinOnce', 'tty'],
  ],
  resources: ['requests', 'limits', 'claims'],
  livenessProbe: PROBE,
  readinessProbe: PROBE,
  startupProbe: PROBE,
  securityContext: [
    ...['allowPrivilegeEscalation', 'appArmorProfile', 'capabilities', 'privileged', 'procMount', 'runAsGroup'],
    ...['readOnlyRootFilesystem', 'runAsNonRoot', 'runAsUser', 'seLinuxOptions', 'seccompProfile', 'windowsOptions'],
  ],
};

/** Of a pod's own security context; those of files and of the kernel are no container's. */
export const podSecurityFieldNames = [
  ...['appArmorProfile', 'fsGroup', 'fsGroupChangePolicy', 'runAsGroup', 'runAsNonRoot', 'runAsUser'],
  ...['seLinuxChangePolicy', 'seLinuxOptions', 'seccompProfile', 'supplementalGroups', 'supplementalGroupsPolicy'],
  ...['sysctls', 'windowsOptions'],
];

/** Of a pod, from its `spec`. */
export const podFieldNames = [
  ...['activeDeadlineSeconds', 'affinity', 'automountServiceAccountToken', 'containers', 'dnsConfig', 'dnsPolicy'],
  ...['enableServiceLinks', 'ephemeralContainers', 'hostAliases', 'hostIPC', 'hostNetwork', 'hostPID', 'hostUsers'],
  ...[
    'hostname',
    'hostnameOverride',
    'imagePullSecrets',
    'initContainers',
    'nodeName',
    'nodeSelector',
    'os',
    'overhead',
  ],
  ...['preemptionPolicy', 'priority', 'priorityClassName', 'readinessGates', 'resourceClaims', 'resources'],
  ...['restartPolicy', 'runtimeClassName', 'schedulerName', 'schedulingGates', 'securityContext', 'serviceAccount'],
  ...['serviceAccountName', 'setHostnameAsFQDN', 'shareProcessNamespace', 'subdomain', 'terminationGracePeriodSeconds'],
  ...['tolerations', 'topologySpreadConstraints', 'volumes', 'workloadRef'],
];

/** Of objects of a kind, from their `spec`. */
export const specFieldNames: Readonly<Record<string, readonly string[]>> = {
  Deployment: [...WORKLOAD, 'strategy', 'progressDeadlineSeconds', 'paused'],
  StatefulSet: [
    ...[...WORKLOAD, 'serviceName', 'volumeClaimTemplates', 'podManagementPolicy', 'updateStrategy', 'ordinals'],
    'persistentVolumeClaimRetentionPolicy',
  ],
  HorizontalPodAutoscaler: ['scaleTargetRef', 'minReplicas', 'maxReplicas', 'metrics', 'behavior'],
  PodDisruptionBudget: ['minAvailable', 'maxUnavailable', 'selector', 'unhealthyPodEvictionPolicy'],
  NetworkPolicy: ['podSelector', 'policyTypes', 'ingress', 'egress'],
  Service: [
    ...['allocateLoadBalancerNodePorts', 'clusterIP', 'clusterIPs', 'externalIPs', 'externalName', 'ipFamilies'],
    ...['externalTrafficPolicy', 'healthCheckNodePort', 'internalTrafficPolicy', 'ipFamilyPolicy', 'loadBalancerClass'],
    ...['loadBalancerIP', 'loadBalancerSourceRanges', 'ports', 'publishNotReadyAddresses', 'selector', 'type'],
    ...['sessionAffinity', 'sessionAffinityConfig', 'trafficDistribution'],
  ],
};
