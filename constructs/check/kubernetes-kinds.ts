/** Kubernetes' own kinds, by the API that serves them. */
export const kubernetesKinds: Readonly<Record<string, readonly string[]>> = {
  v1: [
    ...['ConfigMap', 'Endpoints', 'LimitRange', 'Namespace', 'PersistentVolume', 'PersistentVolumeClaim', 'Pod'],
    ...['ReplicationController', 'ResourceQuota', 'Secret', 'Service', 'ServiceAccount'],
  ],
  'apps/v1': ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  'batch/v1': ['CronJob', 'Job'],
  'autoscaling/v2': ['HorizontalPodAutoscaler'],
  'policy/v1': ['PodDisruptionBudget'],
  'networking.k8s.io/v1': ['Ingress', 'IngressClass', 'NetworkPolicy'],
  'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'storage.k8s.io/v1': ['StorageClass'],
  'scheduling.k8s.io/v1': ['PriorityClass'],
};

const CLUSTER_WIDE =
  /^(Cluster.*|Namespace|PersistentVolume|(Storage|Priority|Ingress|Gateway)Class|APIService|CustomResourceDefinition|.*WebhookConfiguration)$/;

/** Whether objects of a kind belong to the whole cluster; those of other people's kinds mostly say so in their name. */
export function isClusterWide(kind: string): boolean {
  return CLUSTER_WIDE.test(kind);
}
