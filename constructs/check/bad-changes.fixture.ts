import type { Fields } from './field.js';

/** The title of an object, a place in it, and what stands there instead; `undefined` takes it away. */
export type Change = readonly [title: string, pointer: string, value: unknown];

export const POD = 'Deployment/team/shop';
export const CONTAINER = 'spec/template/spec/containers/0';
export const SPEC = 'spec/template/spec';
export const HPA = 'HorizontalPodAutoscaler/team/shop';
export const ROUTES = 'VirtualService/team/shop';
export const STORE = 'StatefulSet/team/store';
export const ADAPTER = 'ConfigMap/monitoring/adapter';
const TEMPLATE = 'spec/template';
const BACKEND = 'spec/rules/0/http/paths/0/backend/service';
const SOURCE = 'spec/rules/0/from/0/source';
const ACCOUNT = 'cluster.local/ns/team/sa/shop';

const ENFORCE = 'pod-security.kubernetes.io~1enforce';
const DNS = { matchLabels: { 'k8s-app': 'kube-dns' } };
const GUESS = { matchLabels: { name: 'kube-system' } };
const ELSE = { matchLabels: { app: 'x' } };
const HOST = 'kubernetes.io/hostname';
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

/** Istio takes 0 s for no limit. */
export const UNLIMITED = {
  timeout: '0s',
  retries: { attempts: 2, perTryTimeout: '2s', retryOn: 'connect-failure' },
  route: [{ destination: { host: 'shop' } }],
};

function backlogOf(averageValue: string) {
  const target = { type: 'AverageValue', averageValue };
  return { type: 'External', external: { metric: { name: 'task_backlog_messages' }, target } };
}

export type BadChange = readonly [rule: string, change: Change, says: string, object?: string];

/** Of every rule: a change that makes the good manifests bad, whom the finding names, and what the message says. */
export const badChanges: readonly BadChange[] = [
  ['duplicate-object', ['Service/team/store', 'metadata/name', 'shop'], 'twice', 'Service/team/shop'],
  ['invalid-name', ['ConfigMap/team/shop', 'metadata/name', 'Shop_1'], '"Shop_1"', 'ConfigMap/team/Shop_1'],
  ['invalid-name', [POD, `${TEMPLATE}/metadata/labels/team`, 'a b'], 'label team is "a b"'],
  ['no-namespace', ['Role/team/shop', 'metadata', { name: 'shop' }], 'metadata.namespace', 'Role/shop'],
  ['removed-api', ['PodDisruptionBudget/team/shop', 'apiVersion', 'policy/v1beta1'], 'policy/v1beta1'],
  ['dangling-backend', ['Ingress/team/shop', `${BACKEND}/name`, 'shoop'], '"shoop"'],
  ['dangling-backend', ['Ingress/team/shop', `${BACKEND}/port`, { number: 8000 }], 'port 8000'],
  ['dangling-backend', ['APIService/v1beta1.custom.metrics.k8s.io', 'spec/service/name', 'gone'], '"gone"'],
  ['dangling-governing-service', [STORE, 'spec/serviceName', 'stores'], '"stores"'],
  [
    'dangling-url',
    ['ConfigMap/team/shop', 'data/STORE_URL', 'http://storr:7000'],
    'STORE_URL is "http://storr:7000"',
    POD,
  ],
  ['dangling-url', ['ConfigMap/team/shop', 'data/STORE_URL', 'http://store.team.svc:700'], 'port 700', POD],
  ['dangling-service', ['Service/team/shop', 'spec/selector', { app: 'shoop' }], 'app=shoop'],
  ['dangling-target-port', ['Service/team/shop', 'spec/ports/0/targetPort', 'web'], '"web"'],
  ['dangling-target-port', ['Service/team/shop', 'spec/ports/0/targetPort', 8001], '8001'],
  ['dangling-target-port', ['Service/team/shop', 'spec/ports/0/targetPort', undefined], '80'],
  ['mismatching-selector', [POD, 'spec/selector', { matchLabels: { app: 'store' } }], 'app=store'],
  ['mismatching-selector', [POD, 'spec/selector', undefined], 'empty'],
  ['overlapping-selectors', [POD, 'spec/selector', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }], STORE],
  ['spread-of-others', [POD, `${SPEC}/topologySpreadConstraints/0/labelSelector/matchLabels/app`, 'x'], 'app=x'],
  ['dangling-disruption-budget', ['PodDisruptionBudget/team/shop', 'spec/selector/matchLabels/app', 'x'], 'app=x'],
  [
    'dangling-network-policy',
    ['NetworkPolicy/team/shop', 'spec/podSelector/matchExpressions/0/operator', 'DoesNotExist'],
    'app DoesNotExist shop',
  ],
  ['non-existent-config-map', [POD, `${CONTAINER}/envFrom/0`, { configMapRef: { name: 'gone' } }], '"gone"'],
  ['non-existent-config-key', [POD, `${CONTAINER}/env/0/valueFrom/configMapKeyRef/key`, 'LEVL'], '"LEVL"'],
  ['non-existent-secret-key', [POD, `${CONTAINER}/env/0/valueFrom`, keyOf('shop', 'tokn')], '"tokn"'],
  ['dangling-volume-mount', [POD, `${CONTAINER}/volumeMounts/0/name`, 'temporary'], '/tmp mounts "temporary"'],
  ['non-existent-secret', [POD, `${CONTAINER}/envFrom/0/secretRef/name`, 'gone'], '"gone"'],
  ['non-existent-service-account', [POD, `${SPEC}/serviceAccountName`, 'gone'], '"gone"'],
  [
    'non-existent-volume-claim',
    [POD, `${SPEC}/volumes/0/persistentVolumeClaim`, { claimName: 'gone' }],
    'volume "data" names the PersistentVolumeClaim "gone"',
  ],
  ['non-existent-priority-class', [POD, `${SPEC}/priorityClassName`, 'gone'], '"gone"'],
  ['non-existent-role', ['RoleBinding/team/shop', 'roleRef/name', 'gone'], '"gone"'],
  [
    'non-existent-subject',
    ['RoleBinding/team/shop', 'subjects/0/name', 'gone'],
    '"gone", which is not in namespace "team"',
  ],
  ['access-to-secrets', ['Role/team/shop', 'rules/1/resourceNames', undefined], 'get on all secrets'],
  ['access-to-create-pods', ['Role/team/shop', 'rules/0/verbs', ['*']], '* on all pods'],
  ['cluster-admin-role-binding', ['RoleBinding/team/shop', 'roleRef/name', 'cluster-admin'], 'cluster-admin'],
  ['dangling-autoscaler', [HPA, 'spec/scaleTargetRef/name', 'gone'], 'Deployment/gone'],
  ['replicas-under-autoscaler', [POD, 'spec/replicas', 3], 'replicas: 3', POD],
  ['autoscaler-bounds', [HPA, 'spec/minReplicas', 12], '12'],
  ['unbounded-ceiling', [HPA, 'spec/maxReplicas', 5000], '5000 replicas'],
  ['backlog-target', [HPA, 'spec/metrics/1', backlogOf('1e6')], '"task_backlog_messages" lets 1e6 messages'],
  ['hpa-minimum-replicas', [HPA, 'spec/minReplicas', undefined], '1'],
  ['hpa-behavior', [HPA, 'spec/behavior/scaleDown', undefined], 'scaleDown'],
  ['hpa-without-requests', [POD, `${CONTAINER}/resources/requests/cpu`, undefined], 'cpu', HPA],
  ['metrics-api-missing', ['APIService/v1beta1.custom.metrics.k8s.io', 'spec/group', 'x'], 'orders_per_second', HPA],
  ['metrics-api-missing', [HPA, 'spec/metrics/1', { external: { metric: { name: 'backlog' } } }], '"backlog"'],
  [
    'quantile-without-bounds',
    [ADAPTER, 'data/rules.yaml', ruleFile('histogram_quantile(0.9, sum(x_bucket))')],
    'p99 is',
  ],
  ['scaling-without-sum', [ADAPTER, 'data/config.yaml', adapterFile('rate(orders_total[1m])')], 'rate(orders_total'],
  ['metric-not-served', [HPA, 'spec/metrics/1/pods/metric/name', 'orders_per_minute'], '"orders_per_minute"'],
  ['dangling-destination-host', [ROUTES, 'spec/http/0/route/1/destination/host', 'shoop'], '"shoop"'],
  ['dangling-destination-host', [ROUTES, 'spec/http/0/route/1/destination/host', 'a.example.org'], 'a.example.org'],
  ['dangling-destination-port', [ROUTES, 'spec/http/0/route/0/destination/port/number', 8000], '8000'],
  ['dangling-subset', [ROUTES, 'spec/http/0/route/0/destination/subset', 'v3'], '"v3"'],
  ['route-weights', [ROUTES, 'spec/http/0/route/1/weight', 10], '95 + 10 = 105'],
  ['empty-subset', ['DestinationRule/team/shop', 'spec/subsets/0/labels/version', 'v9'], 'version=v9'],
  ['dangling-gateway', [ROUTES, 'spec/gateways/0', 'team/privat'], '"privat", which is not in namespace "team"'],
  [
    'route-protocol',
    ['VirtualService/team/inside', 'spec/http/0/route/0/destination/host', 'store'],
    'declared as tcp',
  ],
  ['host-not-at-gateway', [ROUTES, 'spec/hosts/0', 'shops.example.com'], 'shops.example.com is not'],
  ['unreachable-route', ['VirtualService/team/inside', 'spec/http/1', { name: 'late' }], '"late" stands behind'],
  ['hpa-limits', [HPA, 'spec/behavior/scaleDown/stabilizationWindowSeconds', 300_000], '300000'],
  ['hpa-limits', [HPA, 'spec/metrics/0/resource/target/averageUtilization', 0.7], '0.7'],
  ['duplicate-entry', [POD, `${CONTAINER}/env/1`, { name: 'LEVEL', value: 'x' }], 'variable "LEVEL"'],
  ['unscraped-job', [ADAPTER, 'data/rules.yaml', ruleFile('sum(up{job="shopp"})')], '"shopp"; scraped are shop'],
  ['port-protocol', ['Service/team/shop', 'spec/ports/0/name', 'web'], '"web"'],
  ['dangling-mesh-policy', ['AuthorizationPolicy/team/shop', 'spec/selector/matchLabels/app', 'x'], 'app=x'],
  ['dangling-principal', ['AuthorizationPolicy/team/shop', `${SOURCE}/principals/0`, `${ACCOUNT}x`], 'sa/shopx'],
  ['jwt-without-authentication', ['AuthorizationPolicy/team/shop', SOURCE, { requestPrincipals: ['*'] }], 'tokens'],
  [
    'jwt-claim-route',
    ['RequestAuthentication/ingress/tokens', 'spec/selector/matchLabels/istio', 'x'],
    'team/public',
    ROUTES,
  ],
  ['injection-labels', ['Namespace/team', 'metadata/labels/istio.io~1rev', 'canary'], 'istio.io/rev=canary'],
  ['injection-opt-out', [POD, `${TEMPLATE}/metadata/labels/sidecar.istio.io~1inject`, 'false'], 'AuthorizationPolicy'],
  ['no-network-policy', ['NetworkPolicy/team/store', 'spec/policyTypes', ['Ingress']], 'egress', STORE],
  ['dns-denied', ['NetworkPolicy/team/shop', 'spec/egress/0/ports/0/protocol', 'TCP'], 'port 53', POD],
  ['connection-denied', ['NetworkPolicy/team/shop', 'spec/egress/1/ports/0/port', 7001], 'its own egress', POD],
  ['connection-denied', ['NetworkPolicy/team/store', 'spec/ingress/0/ports/0/port', 7001], `ingress of ${STORE}`, POD],
  ['call-unauthorized', ['AuthorizationPolicy/team/shop', `${SOURCE}/principals/0`, `${ACCOUNT}x`], 'sa/shop', POD],
  ['plaintext-into-strict', [STORE, `${CONTAINER}/env`, [{ name: 'SHOP', value: 'http://shop' }]], `${POD} port 8000`],
  ['dangling-credential', ['Gateway/team/public', 'spec/servers/0/tls/credentialName', 'shop-tls'], '"shop-tls"'],
  ['dangling-credential', ['Ingress/team/shop', 'spec/tls/0/secretName', 'shop-tls'], '"shop-tls"'],
  ['latest-tag', [POD, `${CONTAINER}/image`, 'example.com:5000/shop'], '"example.com:5000/shop" has no tag'],
  ['latest-tag', [POD, `${CONTAINER}/image`, 'shop:latest'], '"latest"'],
  ['privileged-container', [POD, `${CONTAINER}/securityContext/privileged`, true], 'true'],
  ['privilege-escalation-container', [POD, `${CONTAINER}/securityContext/allowPrivilegeEscalation`, true], 'true'],
  ['capabilities-not-dropped', [POD, `${CONTAINER}/securityContext/capabilities/drop`, ['NET_RAW']], 'NET_RAW'],
  ['capabilities-added', [POD, `${CONTAINER}/securityContext/capabilities/add`, ['SYS_ADMIN']], 'SYS_ADMIN'],
  ['writable-root-filesystem', [POD, `${CONTAINER}/securityContext/readOnlyRootFilesystem`, undefined], 'not set'],
  ['automounted-token', [POD, `${SPEC}/automountServiceAccountToken`, true], 'true'],
  ['run-as-non-root', [POD, `${SPEC}/securityContext/runAsNonRoot`, undefined], 'not set'],
  ['run-as-non-root', [POD, `${CONTAINER}/securityContext/runAsUser`, 0], 'runAsUser is 0'],
  ['seccomp-profile', [POD, `${SPEC}/securityContext/seccompProfile/type`, 'Unconfined'], 'Unconfined'],
  ['unsafe-proc-mount', [POD, `${CONTAINER}/securityContext/procMount`, 'Unmasked'], '"Unmasked"'],
  ['unsafe-sysctls', [POD, `${SPEC}/securityContext/sysctls`, [{ name: 'kernel.msgmax' }]], 'kernel.msgmax'],
  ['host-network', [POD, `${SPEC}/hostNetwork`, true], 'hostNetwork'],
  ['host-pid', [POD, `${SPEC}/hostPID`, true], 'hostPID'],
  ['host-ipc', [POD, `${SPEC}/hostIPC`, true], 'hostIPC'],
  ['docker-sock', [POD, `${SPEC}/volumes/0/hostPath`, { path: '/var/run/docker.sock' }], '/var/run/docker.sock'],
  ['sensitive-host-mounts', [POD, `${SPEC}/volumes/0/hostPath`, { path: '/etc/ssl' }], '/etc/ssl'],
  ['host-port', [POD, `${CONTAINER}/ports/0/hostPort`, 8000], '8000'],
  ['ssh-port', [POD, `${CONTAINER}/ports/1`, { containerPort: 22 }], '22'],
  ['privileged-ports', [POD, `${CONTAINER}/ports/1`, { name: 'web', containerPort: 80 }], 'web (80)'],
  ['secret-in-config-map', ['ConfigMap/team/shop', 'data/apiToken', 'hunter2'], '"hun…"'],
  ['secret-in-config-map', ['ConfigMap/team/shop', 'data/DB', 'postgres://shop:pw@db:5432'], 'URL with a password'],
  ['secret-in-pod', [POD, `${CONTAINER}/env/0`, { name: 'DB_PASSWORD', value: 'hunter2' }], 'DB_PASSWORD'],
  ['secret-in-pod', [POD, `${CONTAINER}/args`, [`--key=sk-${'a1'.repeat(12)}`]], 'an API key'],
  ['secret-in-manifests', ['Secret/team/shop', 'stringData', { token: 'hunter2' }], 'token'],
  ['tls-missing', ['Ingress/team/shop', 'spec/tls', undefined], 'shop.example.com'],
  ['tls-missing', ['Gateway/team/public', 'spec/servers/1/tls', undefined], 'port 80'],
  ['no-readiness-probe', [POD, `${CONTAINER}/readinessProbe`, undefined], 'readinessProbe'],
  ['no-liveness-probe', [POD, `${CONTAINER}/livenessProbe`, undefined], 'livenessProbe'],
  ['identical-probes', [POD, `${CONTAINER}/livenessProbe`, { httpGet: { path: '/ready', port: 8000 } }], '/ready'],
  ['probe-path', [POD, `${CONTAINER}/livenessProbe/httpGet/path`, 'alive'], '"alive"'],
  ['probe-port', [POD, `${CONTAINER}/livenessProbe/httpGet/port`, 'htp'], '"htp"'],
  ['grace-period', [POD, `${SPEC}/terminationGracePeriodSeconds`, 5], '5 s'],
  ['unset-resources', [POD, `${CONTAINER}/resources/limits`, undefined], 'limits.memory'],
  ['requests-above-limits', [POD, `${CONTAINER}/resources/requests/memory`, '2Gi'], '2Gi, and its limit is 1Gi'],
  ['implausible-quantity', [POD, `${CONTAINER}/resources/requests/memory`, '512m'], '512m: 0.512 bytes'],
  ['quota-too-small', ['ResourceQuota/team/team', 'spec/hard/requests.cpu', '2'], '2.5'],
  ['invalid-schedule', ['CronJob/team/tidy', 'spec/schedule', '0 25 * * *'], '0 25 * * *'],
  ['priority-class-name', [POD, `${SPEC}/priorityClassName`, undefined], 'priorityClassName'],
  ['pdb-zero-disruptions', ['PodDisruptionBudget/team/shop', 'spec', budget({ maxUnavailable: 0 })], '0'],
  ['pdb-zero-disruptions', ['PodDisruptionBudget/team/shop', 'spec', budget({ minAvailable: '100%' })], '100%'],
  ['pdb-min-available-hpa', ['PodDisruptionBudget/team/shop', 'spec/minAvailable', '51%'], '51%'],
  ['no-disruption-budget', ['PodDisruptionBudget/team/shop', 'metadata/namespace', 'else'], 'no PodDis', POD],
  ['no-spread', [POD, `${SPEC}/topologySpreadConstraints`, []], 'podAntiAffinity'],
  ['no-rolling-update-strategy', [POD, 'spec/strategy/rollingUpdate/maxUnavailable', '100%'], '100%'],
  ['recreate-strategy', [POD, 'spec/strategy', { type: 'Recreate' }], 'Recreate'],
  ['invalid-value', [POD, `${CONTAINER}/env/0`, { name: 'PORT', value: 8080 }], 'containers.0.env.0.value is 8080'],
  ['invalid-value', ['ConfigMap/team/shop', 'data/PORT', 8080], 'data.PORT is 8080'],
  ['invalid-value', [POD, `${CONTAINER}/resources/limits/memory`, '512MB'], 'resources.limits.memory is "512MB"'],
  ['invalid-value', [POD, `${CONTAINER}/livenessProbe/periodSeconds`, 5000], 'periodSeconds is 5000'],
  ['invalid-value', [POD, `${CONTAINER}/livenessProbe/successThreshold`, 2], 'successThreshold is 2'],
  ['invalid-value', [POD, `${CONTAINER}/image`, 'example.com/Shop:1.2.3'], '"example.com/Shop:1.2.3"'],
  ['invalid-value', [POD, `${CONTAINER}/volumeMounts/0/mountPath`, 'tmp'], '"tmp"'],
  ['invalid-value', [POD, `${SPEC}/volumes/0/secret`, { secretName: 'shop', defaultMode: 440 }], 'defaultMode is 440'],
  ['invalid-value', [POD, `${SPEC}/restartPolicy`, 'OnFailure'], 'restartPolicy is "OnFailure"'],
  ['invalid-value', [POD, 'metadata/annotations', { 'team/on': true }], 'true'],
  ['invalid-value', [ROUTES, 'spec/http/0/timeout', '38'], 'spec.http.0.timeout is "38"'],
  ['invalid-value', [HPA, 'spec/behavior/scaleUp/selectPolicy', 'max'], '"max"'],
  ['invalid-value', [HPA, 'spec/metrics/1/pods/target/averageValue', '0'], '"0"'],
  ['invalid-value', ['Secret/team/shop', 'stringData', { pin: 4711 }], 'stringData.pin is (a secret)'],
  ['invalid-value', ['NetworkPolicy/team/shop', 'spec/egress/1/to/0/ipBlock', { cidr: '10.0.0.1' }], '"10.0.0.1"'],
  ['misspelt-field', [POD, `${CONTAINER}/resource`, {}], 'container "shop" has "resource"'],
  ['misspelt-field', [POD, `${CONTAINER}/livenessProbe/periodSecond`, 5], 'livenessProbe has "periodSecond"'],
  ['misspelt-field', [HPA, 'spec/behaviour', {}], 'spec has "behaviour"'],
  ['pod-security-level', ['Namespace/team', `metadata/labels/${ENFORCE}`, 'restrict'], '"restrict"'],
  ['no-pod-security', ['Namespace/team', `metadata/labels/${ENFORCE}`, undefined], 'no label'],
  ['ambiguous-port', ['Service/team/shop', 'spec/ports/1', { name: 'more', port: 80, targetPort: 'http' }], '80/TCP'],
  ['unknown-topology-key', [POD, `${SPEC}/topologySpreadConstraints/0/topologyKey`, 'zone'], '"zone"'],
  ['undefined-variable', [POD, `${CONTAINER}/args`, ['--level=$(LEVL)']], '$(LEVL)'],
  ['unknown-permission', ['Role/team/shop', 'rules/0/resources', ['pod']], '"pod"'],
  ['unknown-permission', ['Role/team/shop', 'rules/0/verbs', ['lst']], '"lst"'],
  ['unknown-permission', ['Role/team/shop', 'rules/0/apiGroups', ['v1']], 'API group "v1"'],
  ['unreadable-rules', [ADAPTER, 'data/rules.yaml', 'groups: [{'], 'rules.yaml is no YAML'],
  ['invalid-expression', [ADAPTER, 'data/rules.yaml', ruleFile('sum(rate(x_total[5m])')], '"(" is not closed'],
  ['invalid-expression', [ADAPTER, 'data/rules.yaml', ruleFile('histogram_quantile(99, sum by (le) (x))')], '99'],
  [
    'rate-window',
    [ADAPTER, 'data/rules.yaml', ruleFile('sum(rate(x_total[15s]))')],
    'over 15s, and is scraped every 15s',
  ],
  ['alert-duration', [ADAPTER, 'data/rules.yaml', alertFile("for: '5', labels: {severity: info}")], '"5"'],
  ['alert-without-severity', [ADAPTER, 'data/rules.yaml', alertFile('labels: {}')], 'Down has no label severity'],
  ['unsafe-retries', [ROUTES, 'spec/http/0/retries', { attempts: 2, retryOn: '5xx,connect-failure' }], 'on 5xx'],
  [
    'retry-beyond-timeout',
    [ROUTES, 'spec/http/0', { timeout: '2s', retries: { attempts: 2, perTryTimeout: '1m' } }],
    'perTryTimeout 1m in a timeout of 2s',
  ],
  ['header-case', [ROUTES, 'spec/http/0/match/0/headers', { 'X-Beta': { exact: 'on' } }], '"X-Beta"'],
  ['open-policy', ['NetworkPolicy/team/store', 'spec/ingress/1', {}], '{}'],
  ['peer-without-pods', ['NetworkPolicy/team/shop', 'spec/egress/0/to/1', { podSelector: DNS }], 'k8s-app=kube-dns'],
  [
    'except-outside-range',
    ['NetworkPolicy/team/shop', 'spec/egress/1/to/0/ipBlock', { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }],
    '11.0.0.0/16 is excepted from 10.0.0.0/8',
  ],
  [
    'namespace-by-guess',
    ['NetworkPolicy/team/shop', 'spec/egress/0/to/0/namespaceSelector', GUESS],
    'name=kube-system',
  ],
  ['open-authorization', ['AuthorizationPolicy/team/shop', 'spec/rules/0', {}], 'one of its rules is {}'],
  ['open-authorization', ['AuthorizationPolicy/team/shop', 'spec', { action: 'DENY' }], 'it has no rule'],
  ['mutual-tls-off', ['PeerAuthentication/team/strict', 'spec/mtls/mode', 'PERMISSIVE'], 'PERMISSIVE'],
  ['weak-tls', ['Gateway/team/public', 'spec/servers/0/tls/minProtocolVersion', 'TLSV1_1'], 'TLSV1_1'],
  ['limit-range-exceeded', ['LimitRange/team/team', 'spec/limits/0/max/cpu', '600m'], 'allows 600m', POD],
  [
    'limit-range-order',
    ['LimitRange/team/team', 'spec/limits/0/default', { memory: '8Gi' }],
    'default of memory is 8Gi',
  ],
  ['stuck-rollout', [POD, 'spec/strategy/rollingUpdate/maxSurge', 0], 'both 0'],
  ['stuck-rollout', [POD, 'spec/minReadySeconds', 600], 'minReadySeconds is 600'],
  ['no-rollback', [POD, 'spec/revisionHistoryLimit', 0], '0'],
  ['pdb-both-bounds', ['PodDisruptionBudget/team/shop', 'spec/maxUnavailable', 1], 'maxUnavailable 1'],
  ['dangling-autoscaler', [HPA, 'spec/scaleTargetRef/apiVersion', 'v1'], 'v1 Deployment/shop'],
  [
    'spread-of-others',
    [POD, `${SPEC}/affinity`, { podAntiAffinity: { [REQUIRED]: [{ topologyKey: HOST, labelSelector: ELSE }] } }],
    'podAntiAffinity count app=x',
  ],
];

function keyOf(name: string, key: string): Fields {
  return { secretKeyRef: { name, key } };
}

export function ruleFile(expr: string): string {
  return `groups:\n- rules: [{record: p99, expr: '${expr}'}]`;
}

export function alertFile(fields: string): string {
  return `groups:\n- rules: [{alert: Down, expr: up == 0, ${fields}}]`;
}

function adapterFile(query: string): string {
  const name = '{matches: ^(.*)_total$, as: orders_per_second}';
  return `rules: [{seriesQuery: orders_total, name: ${name}, metricsQuery: '${query}'}]`;
}

export function budget(allowed: Fields): Fields {
  return { selector: { matchLabels: { app: 'shop' } }, ...allowed };
}
