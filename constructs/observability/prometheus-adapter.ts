import { createHash } from 'node:crypto';
import { ApiObject } from 'cdk8s';
import { ConfigMap, k8s, ServiceAccount } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { type StoreSpec, wellKnownPorts } from '../../contract/vocabulary/index.js';
import { objectMeta, type PlatformContext, podSelector } from '../platform-context.js';
import type { ImageRef } from '../workload/image.js';
import { namespacedRole, READ_PODS } from '../workload/namespaced-role.js';
import type { Resources } from '../workload/quantity.js';
import { replicatedPods } from '../workload/replicated-pods.js';
import { restrictedPod } from '../workload/restricted-pod.js';
import { yamlOf } from '../yaml.js';
import { type AdapterConfig, adapterConfig } from './adapter-rules.js';
import type { Prometheus } from './prometheus.js';

export interface PrometheusAdapterProps {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec;
  readonly image: ImageRef;
  /** Whose recorded scaling metrics are served. */
  readonly prometheus: Pick<Prometheus, 'url' | 'recorded'>;
}

/** Serves Prometheus's scaling metrics to the autoscalers, through the custom and the external metrics API. */
export class PrometheusAdapter extends Construct {
  readonly config: AdapterConfig;
  readonly serviceAccount: ServiceAccount;
  readonly configMap: ConfigMap;
  readonly deployment: ApiObject;
  readonly service: k8s.KubeService;
  readonly apiServices: readonly k8s.KubeApiService[];

  constructor(scope: Construct, id: string, props: PrometheusAdapterProps) {
    super(scope, id);
    const { platform, spec, prometheus } = props;
    const metadata = objectMeta(platform, spec);
    const selector = podSelector(platform, spec);
    this.config = adapterConfig(prometheus.recorded);
    const text = yamlOf(this.config);

    this.serviceAccount = new ServiceAccount(this, 'service-account', { metadata, automountToken: false });
    this.configMap = new ConfigMap(this, 'configuration', {
      metadata: objectMeta(platform, spec, `${spec.name}-configuration`),
      data: { 'config.yaml': text },
    });
    this.makeCertificate(props);
    this.grantPermissions(props);
    this.service = new k8s.KubeService(this, 'service', {
      metadata,
      spec: {
        type: 'ClusterIP',
        selector,
        ports: [
          {
            name: 'https',
            port: wellKnownPorts.https,
            targetPort: k8s.IntOrString.fromString('https'),
            protocol: 'TCP',
            appProtocol: 'https',
          },
        ],
      },
    });
    const template = adapterPod(props, this.configMap.name, createHash('sha256').update(text).digest('hex'));
    this.deployment = replicatedPods(this, { platform, spec, replicas: 2, template }).deployment;
    this.apiServices = this.registerApis(props);
  }

  /** The API server checks who answers for it: a certificate that cert-manager makes, renews, and tells the API server of. */
  private makeCertificate({ platform, spec }: PrometheusAdapterProps): void {
    const metadata = objectMeta(platform, spec);
    const hosts = [`${spec.name}.${platform.namespace}.svc`, `${spec.name}.${platform.namespace}.svc.cluster.local`];
    new ApiObject(this, 'issuer', {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Issuer',
      metadata,
      spec: { selfSigned: {} },
    });
    new ApiObject(this, 'certificate', {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata,
      spec: {
        secretName: tlsSecret(spec),
        dnsNames: hosts,
        issuerRef: { group: 'cert-manager.io', kind: 'Issuer', name: spec.name },
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      },
    });
  }

  /** Reads pods by name; asks the API server who calls and whether they may. */
  private grantPermissions({ platform, spec }: PrometheusAdapterProps): void {
    const metadata = objectMeta(platform, spec);
    const clusterWide = { name: `${platform.namespace}-${spec.name}`, labels: metadata.labels };
    const subjects = [{ kind: 'ServiceAccount', name: spec.name, namespace: platform.namespace }];
    const roleRef = (kind: string, name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
    namespacedRole(this, platform, spec, [READ_PODS]);
    new k8s.KubeClusterRoleBinding(this, 'delegate-authentication', {
      metadata: clusterWide,
      roleRef: roleRef('ClusterRole', 'system:auth-delegator'),
      subjects,
    });
    new k8s.KubeRoleBinding(this, 'read-authentication', {
      metadata: { ...clusterWide, namespace: 'kube-system' },
      roleRef: roleRef('Role', 'extension-apiserver-authentication-reader'),
      subjects,
    });
  }

  /** Only the APIs that have a metric: an empty one would answer every autoscaler with an error. */
  private registerApis({ platform, spec }: PrometheusAdapterProps): k8s.KubeApiService[] {
    const groups = [
      ...(this.config.rules.length > 0 ? ['custom.metrics.k8s.io'] : []),
      ...(this.config.externalRules.length > 0 ? ['external.metrics.k8s.io'] : []),
    ];
    return groups.map(
      (group) =>
        new k8s.KubeApiService(this, group, {
          metadata: {
            name: `v1beta1.${group}`,
            labels: objectMeta(platform, spec).labels,
            annotations: { 'cert-manager.io/inject-ca-from': `${platform.namespace}/${spec.name}` },
          },
          spec: {
            group,
            version: 'v1beta1',
            groupPriorityMinimum: 100,
            versionPriority: 100,
            service: { name: spec.name, namespace: platform.namespace, port: wellKnownPorts.https },
          },
        }),
    );
  }
}

function tlsSecret(spec: StoreSpec): string {
  return `${spec.name}-tls`;
}

const HEALTH_PATHS = ['/healthz', '/livez', '/readyz'] as const;

const ADAPTER_RESOURCES: Resources = {
  cpu: { request: '100m', limit: '500m' },
  memory: { request: '128Mi', limit: '512Mi' },
  ephemeralStorage: '128Mi',
};

function adapterPod(
  { platform, spec, image, prometheus }: PrometheusAdapterProps,
  configMapName: string,
  checksum: string,
) {
  const port = k8s.IntOrString.fromString('https');
  const probe = { initialDelaySeconds: 10, timeoutSeconds: 3, failureThreshold: 3 };
  return restrictedPod({
    platform,
    name: spec.name,
    placement: 'general',
    priority: 'data',
    meshRole: 'outsider',
    apiToken: true,
    terminationGraceSeconds: 30,
    annotations: { 'checksum/configuration': checksum },
    volumes: [
      { name: 'configuration', configMap: { name: configMapName } },
      { name: 'tls', secret: { secretName: tlsSecret(spec), defaultMode: 0o440 } },
    ],
    containers: [
      {
        name: spec.name,
        image,
        resources: ADAPTER_RESOURCES,
        args: [
          `--secure-port=${spec.port}`,
          '--tls-cert-file=/etc/tls/tls.crt',
          '--tls-private-key-file=/etc/tls/tls.key',
          `--prometheus-url=${prometheus.url}`,
          '--config=/etc/adapter/config.yaml',
          '--metrics-relist-interval=30s',
          // What it counts of itself is no secret; network policies let in Prometheus and the API server alone.
          `--authorization-always-allow-paths=${[...HEALTH_PATHS, spec.metricsPath ?? []].flat().join(',')}`,
        ],
        ports: { https: spec.port },
        mounts: [
          { name: 'configuration', mountPath: '/etc/adapter', readOnly: true },
          { name: 'tls', mountPath: '/etc/tls', readOnly: true },
        ],
        probes: {
          livenessProbe: { ...probe, periodSeconds: 10, httpGet: { path: '/livez', port, scheme: 'HTTPS' } },
          readinessProbe: { ...probe, periodSeconds: 5, httpGet: { path: '/readyz', port, scheme: 'HTTPS' } },
        },
      },
    ],
  });
}
