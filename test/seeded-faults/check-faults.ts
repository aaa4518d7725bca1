import { recordedSeries } from '../../constructs/index.js';
import { httpRequests, ports, requestLatencyP99, taskBacklog, worker } from '../../contract/index.js';

/** Linters that look at each manifest by itself. */
export const LINTERS = ['kubeconform', 'kube-score', 'checkov'] as const;
export type Linter = (typeof LINTERS)[number];

/** A mistake in what is applied, wherever it comes from: what `armature check` refuses. It is made in staging. */
export interface CheckFault {
  readonly fault: string;
  /** The rule that finds it. */
  readonly rule: string;
  /** `Kind/name` of the object that is changed. */
  readonly in: string;
  /** Values by their place (`spec/ports/0/port`); `undefined` takes one away. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** The object is left out. */
  readonly removed?: true;
  /** A copy of the object with another name is added, and the changes are made to it. */
  readonly copiedAs?: string;
  /** `Kind/name` of the object that the finding names. @default the changed one */
  readonly names?: string;
  /** What the message says beside the fix: the bad value. */
  readonly says: string;
  /** Linters that find it too; the others let it through. Absent where they have not been asked yet. */
  readonly foundBy?: readonly Linter[];
}

const POD = 'spec/template/spec';
const CONTAINER = `${POD}/containers/0`;
const LABELS = 'spec/template/metadata/labels';
const SECURITY = `${CONTAINER}/securityContext`;

const recordingRule = (expr: string) =>
  `groups: [{name: scaling, rules: [{record: '${recordedSeries(requestLatencyP99)}', expr: '${expr}'}]}]`;

export const checkFaults: readonly CheckFault[] = [
  {
    fault: 'A Service’s selector drifts from its pods',
    rule: 'dangling-service',
    in: 'Service/chat',
    set: { 'spec/selector/app.kubernetes.io~1name': 'chatt' },
    says: 'chatt',
  },
  {
    fault: 'A Service sends to a port that nobody serves',
    rule: 'dangling-target-port',
    in: 'Service/chat',
    set: { 'spec/ports/0/targetPort': 'web' },
    says: '"web"',
  },
  {
    fault: 'A Service’s port moves, and its callers’ settings do not',
    rule: 'dangling-url',
    in: 'Service/chat',
    set: { 'spec/ports/0/port': 8090 },
    names: 'Deployment/gateway',
    says: 'http://chat:',
  },
  {
    fault: 'A setting names a Service that there is not',
    rule: 'dangling-url',
    in: 'ConfigMap/worker-settings',
    set: { [`data/${worker.settings.ragUrl.env}`]: 'http://ragg:80' },
    names: 'Deployment/worker',
    says: '"ragg"',
  },
  {
    fault: 'A Deployment does not select its own pods',
    rule: 'mismatching-selector',
    in: 'Deployment/chat',
    set: { [`${LABELS}/version`]: 'v3' },
    says: 'version=v1',
  },
  {
    fault: 'Two Deployments select each other’s pods',
    rule: 'overlapping-selectors',
    in: 'Deployment/chat',
    set: { 'spec/selector/matchLabels/version': undefined },
    says: 'Deployment/armature/chat-v2',
  },
  {
    fault: 'A ConfigMap is missing',
    rule: 'non-existent-config-map',
    in: 'ConfigMap/chat-settings',
    removed: true,
    names: 'Deployment/chat',
    says: '"chat-settings"',
  },
  {
    fault: 'A Secret is missing where others are made',
    rule: 'non-existent-secret',
    in: 'Certificate/prometheus-adapter',
    set: { kind: 'Secret', apiVersion: 'v1' },
    names: 'Deployment/chat',
    says: '"redis"',
  },
  {
    fault: 'A ServiceAccount is missing',
    rule: 'non-existent-service-account',
    in: 'ServiceAccount/chat',
    removed: true,
    names: 'Deployment/chat',
    says: '"chat"',
  },
  {
    fault: 'A volume is mounted under a name that it does not have',
    rule: 'dangling-volume-mount',
    in: 'Deployment/chat',
    set: { [`${CONTAINER}/volumeMounts/0/name`]: 'temp' },
    says: '"temp"',
  },
  {
    fault: 'A StatefulSet without its headless Service',
    rule: 'dangling-governing-service',
    in: 'StatefulSet/rabbitmq',
    set: { 'spec/serviceName': 'rabbit' },
    says: '"rabbit"',
  },
  {
    fault: 'An autoscaler’s metric is misnamed',
    rule: 'metric-not-served',
    in: 'HorizontalPodAutoscaler/chat',
    set: { 'spec/metrics/2/pods/metric/name': `${requestLatencyP99.name}0` },
    says: `"${requestLatencyP99.name}0"`,
  },
  {
    fault: 'Nobody serves an autoscaler’s metric',
    rule: 'metrics-api-missing',
    in: 'APIService/v1beta1.external.metrics.k8s.io',
    removed: true,
    names: 'HorizontalPodAutoscaler/worker',
    says: `"${taskBacklog.name}"`,
  },
  {
    fault: 'An autoscaler scales what is not there',
    rule: 'dangling-autoscaler',
    in: 'HorizontalPodAutoscaler/chat',
    set: { 'spec/scaleTargetRef/name': 'chatt' },
    says: 'Deployment/chatt',
  },
  {
    fault: 'A Deployment under an autoscaler states its replicas',
    rule: 'replicas-under-autoscaler',
    in: 'Deployment/chat',
    set: { 'spec/replicas': 3 },
    says: 'replicas: 3',
  },
  {
    fault: 'Two autoscalers on one Deployment',
    rule: 'two-autoscalers',
    in: 'HorizontalPodAutoscaler/chat',
    copiedAs: 'chat-2',
    names: 'HorizontalPodAutoscaler/chat-2',
    says: 'HorizontalPodAutoscaler/armature/chat already',
  },
  {
    fault: 'An autoscaler’s floor is above its ceiling',
    rule: 'autoscaler-bounds',
    in: 'HorizontalPodAutoscaler/chat',
    set: { 'spec/minReplicas': 80 },
    says: '80',
  },
  {
    fault: 'A rate is recorded for scaling without its sum',
    rule: 'scaling-without-sum',
    in: 'ConfigMap/prometheus-configuration',
    set: { 'data/rules.yaml': recordingRule(`rate(${httpRequests.name}[75s])`) },
    says: `rate(${httpRequests.name}[75s])`,
  },
  {
    fault: 'A quantile of buckets without their bounds',
    rule: 'quantile-without-bounds',
    in: 'ConfigMap/prometheus-configuration',
    set: { 'data/rules.yaml': recordingRule('histogram_quantile(0.9, sum by (pod) (rate(x_bucket[75s])))') },
    says: 'without le',
  },
  {
    fault: 'The weights of a canary do not sum to 100',
    rule: 'route-weights',
    in: 'VirtualService/chat',
    set: { 'spec/http/1/route/1/weight': 10 },
    says: '95 + 10 = 105',
  },
  {
    fault: 'A route for everything stands before the others',
    rule: 'unreachable-route',
    in: 'VirtualService/chat',
    set: { 'spec/http/0/match': undefined },
    says: '"split" stands behind',
  },
  {
    fault: 'A host that its gateway does not listen for',
    rule: 'host-not-at-gateway',
    in: 'VirtualService/public',
    set: { 'spec/hosts/0': 'lm.staging.example.com' },
    says: 'lm.staging.example.com',
  },
  {
    fault: 'A window in milliseconds where Kubernetes wants seconds',
    rule: 'hpa-limits',
    in: 'HorizontalPodAutoscaler/chat',
    set: { 'spec/behavior/scaleDown/stabilizationWindowSeconds': 300_000 },
    says: '300000',
  },
  {
    fault: 'Utilisation as a ratio where Kubernetes wants percent',
    rule: 'hpa-limits',
    in: 'HorizontalPodAutoscaler/chat',
    set: { 'spec/metrics/0/resource/target/averageUtilization': 0.7 },
    says: 'averageUtilization is 0.7',
  },
  {
    fault: 'A rule on a job that nobody scrapes',
    rule: 'unscraped-job',
    in: 'ConfigMap/prometheus-configuration',
    set: { 'data/rules.yaml': recordingRule('sum(up{job="chatt"})') },
    says: '"chatt"',
  },
  {
    fault: 'A variable twice, of which the later wins',
    rule: 'duplicate-entry',
    in: 'Deployment/chat',
    set: { [`${CONTAINER}/env/2`]: { name: 'REDIS_PASSWORD_FILE', value: '/tmp/password' } },
    says: '"REDIS_PASSWORD_FILE"',
  },
  {
    fault: 'A route goes to a subset that nobody defines',
    rule: 'dangling-subset',
    in: 'VirtualService/chat',
    set: { 'spec/http/0/route/0/destination/subset': 'v3' },
    says: '"v3"',
  },
  {
    fault: 'A subset has no pods',
    rule: 'empty-subset',
    in: 'DestinationRule/chat',
    set: { 'spec/subsets/1/labels/version': 'v9' },
    says: 'version=v9',
  },
  {
    fault: 'A route goes to a host that there is not',
    rule: 'dangling-destination-host',
    in: 'VirtualService/public',
    set: { 'spec/http/0/route/0/destination/host': 'gatway' },
    says: '"gatway"',
  },
  {
    fault: 'Two VirtualServices for one host in the mesh',
    rule: 'conflicting-hosts',
    in: 'VirtualService/chat',
    copiedAs: 'chat-again',
    names: 'VirtualService/chat-again',
    says: 'chat at mesh',
  },
  {
    fault: 'An http route to a port that is declared as TCP',
    rule: 'route-protocol',
    in: 'Service/chat',
    set: { 'spec/ports/0/appProtocol': 'tcp' },
    names: 'VirtualService/chat',
    says: 'declared as tcp',
  },
  {
    fault: 'A gateway’s certificate is misspelt',
    rule: 'dangling-credential',
    in: 'Gateway/public',
    set: { 'spec/servers/0/tls/credentialName': 'armature-tls' },
    says: '"armature-tls"',
  },
  {
    fault: 'A gateway answers without TLS',
    rule: 'tls-missing',
    in: 'Gateway/public',
    set: { 'spec/servers/1/tls': undefined },
    says: 'port 80',
  },
  {
    fault: 'A route by a token’s claim that nobody verifies',
    rule: 'jwt-claim-route',
    in: 'VirtualService/public',
    set: { 'spec/http/0/match/0/headers': { '@request.auth.claims.tier': { exact: 'pro' } } },
    says: '@request.auth.claims.tier',
  },
  {
    fault: 'A namespace asks for injection twice',
    rule: 'injection-labels',
    in: 'Namespace/armature',
    set: { 'metadata/labels/istio.io~1rev': 'canary' },
    says: 'istio.io/rev=canary',
  },
  {
    fault: 'Prometheus is outside a mesh that takes mutual TLS only',
    rule: 'plaintext-into-strict',
    in: 'StatefulSet/prometheus',
    set: { [`${LABELS}/sidecar.istio.io~1inject`]: 'false' },
    says: 'Deployment/armature/chat port',
  },
  {
    fault: 'A pod that policies of the mesh protect opts out of it',
    rule: 'injection-opt-out',
    in: 'Deployment/chat',
    set: { [`${LABELS}/sidecar.istio.io~1inject`]: 'false' },
    says: 'AuthorizationPolicy/armature/chat',
  },
  {
    fault: 'A caller’s identity is misspelt',
    rule: 'dangling-principal',
    in: 'AuthorizationPolicy/chat',
    set: { 'spec/rules/0/from/0/source/principals/0': 'cluster.local/ns/armature/sa/gatway' },
    says: 'sa/gatway',
  },
  {
    fault: 'A caller is not among those that the mesh lets in',
    rule: 'call-unauthorized',
    in: 'AuthorizationPolicy/chat',
    set: { 'spec/rules/0/from/0/source/principals/0': 'cluster.local/ns/armature/sa/rag' },
    names: 'Deployment/gateway',
    says: 'sa/gateway',
  },
  {
    fault: 'No NetworkPolicy lets pods ask for addresses',
    rule: 'dns-denied',
    in: 'NetworkPolicy/allow-dns',
    removed: true,
    names: 'Deployment/chat',
    says: 'port 53',
  },
  {
    fault: 'A NetworkPolicy has lost a caller',
    rule: 'connection-denied',
    in: 'NetworkPolicy/chat',
    set: { 'spec/ingress': undefined },
    names: 'Deployment/gateway',
    says: 'ingress of Deployment/armature/chat',
  },
  {
    fault: 'A budget is missing',
    rule: 'no-disruption-budget',
    in: 'PodDisruptionBudget/chat',
    removed: true,
    names: 'Deployment/chat',
    says: 'no PodDisruptionBudget',
  },
  {
    fault: 'A budget that lets no pod go',
    rule: 'pdb-zero-disruptions',
    in: 'PodDisruptionBudget/chat',
    set: { 'spec/maxUnavailable': 0 },
    says: 'maxUnavailable is 0',
  },
  {
    fault: 'A budget as high as the autoscaler’s floor',
    rule: 'pdb-min-available-hpa',
    in: 'PodDisruptionBudget/chat',
    set: { spec: { minAvailable: 2, selector: { matchLabels: { 'app.kubernetes.io/name': 'chat', version: 'v1' } } } },
    says: 'minAvailable is 2',
  },
  {
    fault: 'A quota that the floors alone exceed',
    rule: 'quota-too-small',
    in: 'ResourceQuota/platform',
    set: { 'spec/hard/pods': '5' },
    says: 'spec.hard.pods is 5',
  },
  {
    fault: 'Memory in thousandths of a byte',
    rule: 'implausible-quantity',
    in: 'Deployment/chat',
    set: { [`${CONTAINER}/resources/requests/memory`]: '512m' },
    says: '512m: 0.512 bytes',
  },
  {
    fault: 'More is requested than may be taken',
    rule: 'requests-above-limits',
    in: 'Deployment/chat',
    set: { [`${CONTAINER}/resources/requests/cpu`]: '4' },
    says: 'cpu 4, and its limit is 2',
  },
  {
    fault: 'preStop sleeps longer than the grace period',
    rule: 'grace-period',
    in: 'Deployment/chat',
    set: { [`${POD}/terminationGracePeriodSeconds`]: 4 },
    says: '5 s of a grace period of 4 s',
  },
  {
    fault: 'A probe asks a port that nobody declares',
    rule: 'probe-port',
    in: 'Deployment/chat',
    set: { [`${CONTAINER}/livenessProbe/httpGet/port`]: ports.rag },
    says: `livenessProbe asks port ${ports.rag}`,
  },
  {
    fault: 'A probe’s path lacks its slash',
    rule: 'probe-path',
    in: 'Deployment/chat',
    set: { [`${CONTAINER}/livenessProbe/httpGet/path`]: 'health' },
    says: '"health"',
  },
  {
    fault: 'Liveness and readiness ask the same',
    rule: 'identical-probes',
    in: 'Deployment/chat',
    set: { [`${CONTAINER}/livenessProbe/httpGet/path`]: '/ready' },
    says: '/ready',
  },
  {
    fault: 'An image by the tag latest',
    rule: 'latest-tag',
    in: 'Deployment/chat',
    set: { [`${CONTAINER}/image`]: 'ghcr.io/armature/armature:latest' },
    says: '"latest"',
  },
  {
    fault: 'A privileged container',
    rule: 'privileged-container',
    in: 'Deployment/chat',
    set: { [`${SECURITY}/privileged`]: true },
    says: 'privileged is true',
  },
  {
    fault: 'A container that runs as root',
    rule: 'run-as-non-root',
    in: 'Deployment/chat',
    set: { [`${SECURITY}/runAsUser`]: 0 },
    says: 'runAsUser is 0',
  },
  {
    fault: 'A capability is added',
    rule: 'capabilities-added',
    in: 'Deployment/chat',
    set: { [`${SECURITY}/capabilities/add`]: ['SYS_ADMIN'] },
    says: 'SYS_ADMIN',
  },
  {
    fault: 'The node’s network, which no NetworkPolicy holds',
    rule: 'host-network',
    in: 'Deployment/chat',
    set: { [`${POD}/hostNetwork`]: true },
    says: 'hostNetwork is true',
  },
  {
    fault: 'The container runtime’s socket is mounted',
    rule: 'docker-sock',
    in: 'Deployment/chat',
    set: { [`${POD}/volumes/0`]: { name: 'tmp', hostPath: { path: '/var/run/docker.sock' } } },
    says: '/var/run/docker.sock',
  },
  {
    fault: 'A key of a model provider in a variable',
    rule: 'secret-in-pod',
    in: 'Deployment/chat',
    set: { [`${CONTAINER}/env/0`]: { name: 'PROVIDER_KEY', value: `sk-${'a1'.repeat(16)}` } },
    says: 'an API key',
  },
  {
    fault: 'A password in a ConfigMap',
    rule: 'secret-in-config-map',
    in: 'ConfigMap/chat-settings',
    set: { 'data/SMTP_PASSWORD': 'correct horse battery' },
    says: 'SMTP_PASSWORD',
  },
  {
    fault: 'A role that reads every Secret',
    rule: 'access-to-secrets',
    in: 'Role/canary',
    set: { 'rules/0': { apiGroups: [''], resources: ['*'], verbs: ['get'] } },
    says: 'get on all secrets',
  },
  {
    fault: 'A binding to somebody who is not there',
    rule: 'non-existent-subject',
    in: 'RoleBinding/canary',
    set: { 'subjects/0/name': 'cannary' },
    says: 'armature/cannary',
  },
  {
    fault: 'A name that the API server refuses',
    rule: 'invalid-name',
    in: 'ConfigMap/agent-settings',
    copiedAs: 'Agent_Settings',
    names: 'ConfigMap/Agent_Settings',
    says: '"Agent_Settings"',
  },
  {
    fault: 'One object twice',
    rule: 'duplicate-object',
    in: 'Service/chat',
    copiedAs: 'chat',
    says: 'twice',
  },
  {
    fault: 'An API that Kubernetes serves no more',
    rule: 'removed-api',
    in: 'PodDisruptionBudget/chat',
    set: { apiVersion: 'policy/v1beta1' },
    says: 'policy/v1beta1',
  },
];
