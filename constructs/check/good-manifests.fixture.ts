import { loadAll, YAML11_SCHEMA } from 'js-yaml';
import { isMapping } from './field.js';
import type { Manifest } from './kube-object.js';

/** A small application that no rule has anything against, in a cluster of its own. */
export function goodManifests(): Manifest[] {
  return loadAll(GOOD, { schema: YAML11_SCHEMA })
    .filter(isMapping)
    .map((value) => ({ value, file: 'good.yaml' }));
}

const GOOD = `
apiVersion: v1
kind: Namespace
metadata: { name: team, labels: { istio-injection: enabled, 'pod-security.kubernetes.io/enforce': restricted } }
---
apiVersion: v1
kind: Namespace
metadata: { name: monitoring }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: shop, namespace: team }
automountServiceAccountToken: false
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: serving }
value: 1000
---
apiVersion: v1
kind: ConfigMap
metadata: { name: shop, namespace: team }
data: { LOG_LEVEL: info, MAX_TOKENS: '1000', JWT_SECRET_FILE: /run/secrets/jwt, STORE_URL: 'http://store:7000', SELF_URL: 'http://shop' }
---
apiVersion: v1
kind: Secret
metadata: { name: shop, namespace: team }
stringData: { key: '' }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop, namespace: team }
spec:
  selector: { matchLabels: { app: shop } }
  strategy: { rollingUpdate: { maxUnavailable: 0 } }
  template:
    metadata: { labels: { app: shop, version: v1 } }
    spec:
      serviceAccountName: shop
      priorityClassName: serving
      terminationGracePeriodSeconds: 30
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      topologySpreadConstraints: [{ topologyKey: topology.kubernetes.io/zone, labelSelector: { matchLabels: { app: shop } } }]
      containers:
        - name: shop
          image: example.com/shop:1.2.3
          ports: [{ name: http, containerPort: 8000 }]
          env:
            - name: LEVEL
              valueFrom: { configMapKeyRef: { name: shop, key: LOG_LEVEL } }
          envFrom: [{ secretRef: { name: shop } }, { configMapRef: { name: shop } }]
          lifecycle: { preStop: { sleep: { seconds: 5 } } }
          livenessProbe: { httpGet: { path: /alive, port: http } }
          readinessProbe: { httpGet: { path: /ready, port: 8000 } }
          resources: { requests: { cpu: 1, memory: 1Gi }, limits: { memory: 1Gi } }
          securityContext:
            { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
          volumeMounts: [{ name: data, mountPath: /tmp }]
      volumes:
        - name: data
          emptyDir: {}
---
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: team }
spec:
  selector: { app: shop }
  ports: [{ name: http, port: 80, targetPort: http }]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: shop, namespace: team }
spec:
  minAvailable: 1
  selector: { matchLabels: { app: shop } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: shop, namespace: team }
spec:
  podSelector: { matchExpressions: [{ key: app, operator: In, values: [shop] }] }
  policyTypes: [Ingress, Egress]
  ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: http }] }]
  egress:
    - { to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: UDP }] }
    - { to: [{ podSelector: { matchLabels: { app: store } } }], ports: [{ port: 7000 }] }
    - { to: [{ podSelector: { matchLabels: { app: shop } } }], ports: [{ port: http }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: store, namespace: team }
spec:
  serviceName: store
  selector: { matchLabels: { app: store } }
  template:
    metadata: { labels: { app: store, 'sidecar.istio.io/inject': 'false' } }
    spec:
      serviceAccountName: shop
      priorityClassName: serving
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: store
          image: example.com/store:1.2.3
          ports: [{ name: tcp, containerPort: 7000 }]
          livenessProbe: { tcpSocket: { port: tcp } }
          readinessProbe: { exec: { command: [store, ping] } }
          resources: { requests: { cpu: 500m, memory: 512Mi }, limits: { memory: 1Gi } }
          securityContext:
            { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
---
apiVersion: v1
kind: Service
metadata: { name: store, namespace: team }
spec: { clusterIP: None, selector: { app: store }, ports: [{ name: tcp, port: 7000 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: store, namespace: team }
spec:
  podSelector: { matchLabels: { app: store } }
  policyTypes: [Ingress, Egress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app: shop } } }], ports: [{ port: 7000 }] }]
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: team, namespace: team }
spec: { hard: { requests.cpu: '9', pods: 9 } }
---
apiVersion: v1
kind: LimitRange
metadata: { name: team, namespace: team }
spec: { limits: [{ type: Container, defaultRequest: { memory: 64Mi }, default: { memory: 1Gi }, max: { memory: 1Gi } }] }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: tidy, namespace: team }
spec: { schedule: '*/15 1-5 * * MON' }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: shop, namespace: team }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: shop }
  minReplicas: 2
  maxReplicas: 9
  behavior: { scaleUp: { stabilizationWindowSeconds: 0 }, scaleDown: { stabilizationWindowSeconds: 300 } }
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } }
    - type: Pods
      pods: { metric: { name: orders_per_second }, target: { type: AverageValue, averageValue: 5 } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: adapter, namespace: monitoring }
data:
  config.yaml: |
    rules:
      - seriesQuery: '{__name__="orders_total"}'
        name: { matches: ^(.*)_total$, as: '\${1}_per_second' }
        metricsQuery: sum by (pod) (rate(orders_total[1m]))
  prometheus.yml: |
    global: { scrape_interval: 15s }
    scrape_configs: [{ job_name: shop }]
  rules.yaml: |
    groups:
      - rules: [{ record: p99, expr: 'histogram_quantile(0.99, sum by (le, pod) (rate(orders_seconds_bucket[1m])))' }]
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1beta1.custom.metrics.k8s.io }
spec: { group: custom.metrics.k8s.io, service: { name: adapter, namespace: monitoring } }
---
apiVersion: v1
kind: Service
metadata: { name: adapter, namespace: monitoring }
spec: { ports: [{ name: https, port: 443 }] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: shop, namespace: team }
rules:
  - { apiGroups: [''], resources: [pods], verbs: [get] }
  - { apiGroups: [''], resources: [secrets], resourceNames: [shop], verbs: [get] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: shop, namespace: team }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: shop }
subjects: [{ kind: ServiceAccount, name: shop }]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: team }
spec:
  selector: { istio: ingress }
  servers:
    - { port: { number: 443, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: shop }, hosts: [shop.example.com] }
    - { port: { number: 80, protocol: HTTP }, tls: { httpsRedirect: true }, hosts: [shop.example.com] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: shop, namespace: team }
spec:
  host: shop.team.svc.cluster.local
  subsets: [{ name: v1, labels: { version: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: team }
spec:
  hosts: [shop.example.com]
  gateways: [team/public]
  http:
    - name: split
      match: [{ headers: { '@request.auth.claims.group': { exact: staff } } }]
      route:
        - { destination: { host: shop, subset: v1, port: { number: 80 } }, weight: 95 }
        - { destination: { host: shop }, weight: 5 }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: inside, namespace: team }
spec:
  hosts: [shop]
  gateways: [mesh, istio-system/elsewhere]
  http: [{ route: [{ destination: { host: shop } }] }]
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: ingress }
spec: { selector: { matchLabels: { istio: ingress } } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: strict, namespace: team }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: shop, namespace: team }
spec:
  selector: { matchLabels: { app: shop } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/team/sa/shop] } }] }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, namespace: team }
spec:
  tls: [{ hosts: [shop.example.com], secretName: shop }]
  rules:
    - host: shop.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: shop, port: { name: http } } } }] }
`;
